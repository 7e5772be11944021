using System.CommandLine;
using Hub.Benchmarks;
using Hub.Benchmarks.Charts;
using Hub.Benchmarks.Nation;

var root = new RootCommand(Verb.Say("测速：与直接使用所依赖的库相比。", "Measures the hub beside the bare libraries that it stands on."))
{
    ChartsVerb.Make(),
    BulletinVerb.Make(),
    WorkbookVerb.Make(),
    NationVerb.Make(),
    HotVerb.Make(),
};
return await Verb.RunAsync(root, args);
