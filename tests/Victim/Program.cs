using System.Globalization;
using Course;
using Course.Serving;

// A process that tests of the stores start and kill. It says on standard output what it has done, one line each.
//   stop-at STEP FOLDER add FILE | promote VERSION | rollback    waits at the step for ever, after saying "at STEP"
//   promote-loop FOLDER VERSION…                                 promotes the versions in turn until it is killed
//   add-loop FOLDER FILE…                                        adds the files in turn, saying which were accepted
//   feedback-loop FILE NAME                                      keeps feedback until it is killed
//   serve                                                        answers requests until it is killed, after saying its address
switch (args)
{
    case ["stop-at", var step, var folder, .. var action]:
        var registry = new ModelRegistry(folder, "victim")
        {
            AtStep = reached =>
            {
                if (reached != step)
                    return;
                Say($"at {step}");
                Thread.Sleep(Timeout.Infinite);
            },
        };
        if (action is ["add", var file])
            registry.Add(ModelArtefact.Load(file));
        else if (action is ["promote", var version])
            registry.Promote(version);
        else
            registry.RollBack();
        Say("done");
        return 0;
    case ["promote-loop", var folder, .. var versions]:
        var promoted = new ModelRegistry(folder, "victim");
        Say("ready");
        for (int i = 0; ; i++)
        {
            promoted.Promote(versions[i % versions.Length]);
            Say(versions[i % versions.Length]);
        }
    case ["add-loop", var folder, .. var files]:
        var models = files.Select(ModelArtefact.Load).ToArray();
        Say("ready");
        Console.In.ReadLine();
        foreach (var model in models)
        {
            try
            {
                new ModelRegistry(folder, "victim").Add(model);
                Say($"{model.Info.Version} {model.Checksum}");
            }
            catch (InvalidOperationException)
            {
                Say($"{model.Info.Version} refused");
            }
        }
        return 0;
    case ["feedback-loop", var path, var name]:
        var store = new SqliteFeedbackStore(path);
        Say("ready");
        for (int i = 0; ; i++)
        {
            string request = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
            store.Append(new(request, "1.0.0", "7", "1"));
            Say(request);
        }
    case ["serve"]:
        var service = await PredictionService.StartAsync(new Brightness());
        Say(service.Url.ToString());
        await Task.Delay(Timeout.Infinite);
        return 0;
    default:
        return 2;
}

static void Say(string what)
{
    Console.Out.WriteLine(what);
    Console.Out.Flush();
}

/// <summary>Two pixels, "bright" with probability mean / 255.</summary>
internal sealed class Brightness : IPredictor
{
    public ArtefactInfo Info { get; } = new()
    {
        Name = "brightness",
        Version = "1.0.0",
        Architecture = "mean",
        Labels = ["dark", "bright"],
        Preprocessing = new Preprocessing { InputShape = [2] },
    };

    public IReadOnlyList<Scores> Predict(IReadOnlyList<float[]> inputs) => [.. inputs.Select(input => input.Average() / 255).Select(bright => new Scores([1 - bright, bright]))];
}
