using System.CommandLine;
using System.Text.Json;
using Course.Cli.Running;
using static TorchSharp.torch;

namespace Course.Cli.Bench;

/// <summary><c>course bench peer</c>: this program as the other side of another build's bench (<see cref="Peer"/>).</summary>
internal sealed class PeerCommand : IDisposable
{
    private PreparedCase? _prepared;
    private string _preparedFor = "";
    private InferBench? _infer;
    private (DigitTensors Data, TrainBench Bench)? _train;

    public static Command Create()
    {
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 1 };
        var device = new Option<string>("--device") { DefaultValueFactory = _ => BenchDevice.Cpu };
        var command = new Command("peer", "Answer the requests of another build's bench on standard input; used by --peer.") { threads, device };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            BenchDevice.Use(parsed.GetValue(device)!);
            set_num_threads(parsed.GetValue(threads));
            manual_seed(1);
            try
            {
                // A library that was asked for and is not there refuses here, before anybody waits for a case.
                ones(1, 1).matmul(ones(1, 1)).Dispose();
            }
            catch (InvalidOperationException e)
            {
                Console.Error.WriteLine(e.Message);
                return ExitCode.Failed;
            }
            using var peer = new PeerCommand();
            Console.Out.WriteLine(BenchRecord.Line(new { version = BuiltEngine.Version }));
            while (Console.In.ReadLine() is { } line)
                Console.Out.WriteLine(BenchRecord.Line(peer.Answer(line)));
            return ExitCode.Done;
        });
        return command;
    }

    private object Answer(string line)
    {
        switch (JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString())
        {
            case "infer":
                var budget = new TimeBudget(TimeSpan.FromSeconds(TimeBudget.DefaultSeconds));
                return (_infer ??= new InferBench(budget)).Round(budget);
            case "epoch":
                return new EpochAnswer(Train(line).Epoch(), Train(line).Loss);
            case "result":
                return Train(line).Result();
            default:
                if (line != _preparedFor)
                {
                    _prepared?.Dispose();
                    _prepared = new PreparedCase(BenchCases.Find(line) ?? throw new InvalidOperationException($"No case of this build is asked for by {line}."));
                    _preparedFor = line;
                }
                return new { Seconds = _prepared!.Round() };
        }
    }

    private TrainBench Train(string line)
    {
        if (_train is null)
        {
            var request = JsonSerializer.Deserialize<TrainRequest>(line, BenchRecord.Json)!;
            var data = DigitTensors.From(request.Data, request.Images);
            _train = (data, new TrainBench(data, request.Batch));
        }
        return _train.Value.Bench;
    }

    public void Dispose()
    {
        _prepared?.Dispose();
        _infer?.Dispose();
        _train?.Bench.Dispose();
        _train?.Data.Dispose();
    }
}
