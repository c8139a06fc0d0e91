using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course;

/// <summary>
/// Runs a network once and notes its layers in the order in which they run. Hooks see only what is run by <c>call</c>;
/// what is computed by functions in between shows as a tensor that no layer put out.
/// </summary>
public sealed class NetworkTrace
{
    private const string Unnamed = "functions", Unseen = "layers run by forward, unseen";

    private readonly long _batch;
    private readonly Queue<NetworkFunction> _between;
    private readonly List<NetworkLayer> _layers = [];
    private readonly Dictionary<Module, int> _rows = [];
    private readonly List<Tensor> _seen;
    private int _functions;

    private NetworkTrace(Tensor[] inputs, NetworkFunction[] between) =>
        (_batch, _between, _seen) = (inputs[0].dim() > 0 ? inputs[0].shape[0] : 1, new(between), [.. inputs]);

    /// <summary>The layers of a network, as they run on <paramref name="input"/>. The network is left as it was; the input is brought to its device.</summary>
    /// <param name="network">Its layers run by <c>call</c>.</param>
    /// <param name="input">At least one example; its first axis is the batch.</param>
    /// <param name="between">Names for what runs between layers, in that order; all or none.</param>
    /// <exception cref="ArgumentException">Another number of names than of places between layers.</exception>
    public static IReadOnlyList<NetworkLayer> Of(Module<Tensor, Tensor> network, Tensor input, params NetworkFunction[] between) =>
        Run(network, here => network.call(here[0]), [input], between);

    /// <inheritdoc cref="Of(Module{Tensor, Tensor}, Tensor, NetworkFunction[])"/>
    /// <param name="network">A network of two inputs, such as a recommender of users and items.</param>
    /// <param name="first">The first input.</param>
    /// <param name="second">The second input.</param>
    /// <param name="between">Names for what runs between layers, in that order; all or none.</param>
    public static IReadOnlyList<NetworkLayer> Of(Module<Tensor, Tensor, Tensor> network, Tensor first, Tensor second, params NetworkFunction[] between) =>
        Run(network, here => network.call(here[0], here[1]), [first, second], between);

    private static List<NetworkLayer> Run(Module network, Func<Tensor[], Tensor> run, Tensor[] inputs, NetworkFunction[] between)
    {
        (string name, Module module)[] all = [("", network), .. network.named_modules()];
        bool[] training = [.. all.Select(item => item.module.training)];
        var removers = new List<Action>();
        using var scope = NewDisposeScope();
        using var silent = no_grad();
        var device = network.Device();
        Tensor[] here = [.. inputs.Select(input => input.to(device))];
        var trace = new NetworkTrace(here, between);
        try
        {
            // Evaluation mode: a look must not move the running means of a batch normalisation.
            network.eval();
            foreach (var (name, module) in all)
                if (module is Module<Tensor, Tensor> layer)
                    removers.Add(trace.Watch(layer, name));
            trace.Between(run(here));
        }
        finally
        {
            foreach (var remove in removers)
                remove();
            for (int i = 0; i < all.Length; i++)
                all[i].module.train(training[i]);
        }
        return trace.Finish(network, between.Length);
    }

    private Action Watch(Module<Tensor, Tensor> module, string name)
    {
        var remover = module.children().Any()
            ? module.register_forward_hook((_, _, output) =>
            {
                Between(output);
                return output;
            })
            : module.register_forward_hook((_, input, output) =>
            {
                Layer(module, name == "" ? module.GetName() : name, input, output);
                return output;
            });
        return remover.remove;
    }

    private void Layer(Module module, string name, Tensor input, Tensor output)
    {
        long cost = LayerCost.MultiplyAdds(module, input, output) / (input.dim() > 0 && input.shape[0] == _batch ? _batch : 1);
        if (_rows.TryGetValue(module, out int row))
            _layers[row] = _layers[row] with { MultiplyAdds = _layers[row].MultiplyAdds + cost, Calls = _layers[row].Calls + 1 };
        else
        {
            Between(input);
            _rows[module] = _layers.Count;
            _layers.Add(new(name, LayerCost.Kind(module), PerExample(output), module.parameters().Sum(p => p.numel()), cost));
        }
        _seen.Add(output);
    }

    /// <summary>Notes functions if nothing that was seen put this tensor out.</summary>
    private void Between(Tensor tensor)
    {
        if (_seen.Any(seen => ReferenceEquals(seen, tensor)))
            return;
        _functions++;
        var function = _between.TryDequeue(out var named) ? named : new(Unnamed);
        _layers.Add(new(function.Name, "", PerExample(tensor), 0, function.MultiplyAdds));
        _seen.Add(tensor);
    }

    private long[] PerExample(Tensor tensor) => tensor.dim() > 0 && tensor.shape[0] == _batch ? tensor.shape[1..] : tensor.shape;

    private List<NetworkLayer> Finish(Module network, int named)
    {
        if (named > 0 && named != _functions)
            throw new ArgumentException($"The network runs functions at {_functions} places between its layers, but {named} were named. It ran: {string.Join(", ", _layers.Select(layer => layer.Name))}.", nameof(named));
        long unseen = network.parameters().Sum(p => p.numel()) - _layers.Sum(layer => layer.Parameters);
        if (unseen > 0)
            _layers.Add(new(Unseen, "", [], unseen, 0));
        return _layers;
    }
}
