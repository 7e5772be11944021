using System.CommandLine;
using Hub.Agent.Verbs;

var root = new RootCommand(Verb.Say("乡镇报送端：下载工作簿、校验、上报。", "The township's agent: makes the workbook, checks it, sends it."))
{
    EnrollVerb.Make(), TemplateVerb.Make(), CheckVerb.Make(), SubmitVerb.Make(), RunVerb.Make(), ApartVerbs.MakeCheck(), ApartVerbs.MakeWrite(), StatusVerb.Make(),
};
return await Verb.RunAsync(root, args);
