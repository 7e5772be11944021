// A link that ends in #TOKEN signs in by itself: what stands after # never leaves the browser by the address.
const token = decodeURIComponent(location.hash.slice(1));
if (token) {
  history.replaceState(null, '', location.pathname + location.search);
  document.getElementById('token').value = token;
  document.getElementById('sign-in').submit();
}
