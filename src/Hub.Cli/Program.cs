using System.CommandLine;
using Hub.Cli.Verbs;
using Hub.Store;

var root = new RootCommand(Verb.Say("报送中心：各乡镇经 gRPC 上报，DuckDB 计算每个数字，每月生成通报。", "Hub: townships report over gRPC, DuckDB computes every figure, each month has its bulletin."))
{
    DemoVerb.Make(), ServeVerb.Make(), CertsVerb.Make(), TokenVerb.Make(), ImportVerb.Make(), SqlVerb.Make(), BulletinVerb.Make(), ReopenVerb.Make(), VerifyVerb.Make(),
};
return await Verb.RunAsync(root, args, e => (e as StoreException)?.Text);
