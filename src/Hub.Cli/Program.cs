using System.CommandLine;
using Hub.Cli.Verbs;
using Hub.Store;

var root = new RootCommand(Verb.Say("报送中心：township 报表经 gRPC 汇集，DuckDB 计算，月度通报。", "Hub: townships report over gRPC, DuckDB computes every figure, each month has its bulletin."))
{
    DemoVerb.Make(), ServeVerb.Make(), TokenVerb.Make(), ImportVerb.Make(), SqlVerb.Make(), BulletinVerb.Make(), ReopenVerb.Make(), VerifyVerb.Make(),
};
return await Verb.RunAsync(root, args, e => (e as StoreException)?.Text);
