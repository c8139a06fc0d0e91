using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Managed.Tests.Golden;

/// <summary>What a program does with tensors beyond calling one operation: each entry prepares, and gives what is to be counted.</summary>
internal static class HandleSteps
{
    internal const string Group = "steps";

    internal static IReadOnlyDictionary<string, Func<Func<IEnumerable<Tensor>>>> All { get; } = Steps();

    private static Dictionary<string, Func<Func<IEnumerable<Tensor>>>> Steps()
    {
        Dictionary<string, Func<Func<IEnumerable<Tensor>>>> steps = new()
        {
            ["tensor(3)"] = () => () => [tensor(3)],
            ["tensor(float[])"] = () => () => [tensor(new[] { 1f, 2f })],
            ["constants"] = () => () => [zeros(2), ones(2), full(2, 1), empty(2), arange(4), linspace(0, 1, 3), eye(2)],
            ["random numbers"] = () => () => [rand(2), randn(2), randint(0, 3, [2]), randperm(4)],
            ["operators"] = () =>
            {
                Tensor x = ones(2), y = ones(2);
                return () => [x + y, x - 1, 2 * x, x / y, -x, x > y, x == 1f];
            },
            ["indices"] = () =>
            {
                var x = ones(3, 4);
                return () => [x[0], x[0, 1], x[TensorIndex.Colon, TensorIndex.Slice(1, 3)], x[TensorIndex.Ellipsis, TensorIndex.Single(0)]];
            },
            ["indices of other types and strides"] = () =>
            {
                Tensor x = ones(3, 4), small = tensor(new[] { 2, 0 }), spread = tensor(new long[] { 0, 9, 2, 9 }).reshape(2, 2).t()[0];
                return () => [x.index_select(0, small), x.index_select(0, spread), x.take(spread), x[TensorIndex.Tensor(small)], x.index_fill(0, spread, 2)];
            },
            ["indices, set"] = () =>
            {
                Tensor x = ones(3, 4), row = zeros(4), column = zeros(3);
                return () =>
                {
                    x[0] = row;
                    x[TensorIndex.Colon, TensorIndex.Single(0)] = column;
                    return [];
                };
            },
            ["number, text and data of a tensor"] = () =>
            {
                var x = ones(3);
                return () =>
                {
                    _ = x.sum().item<float>() + x.ToString(TensorStringStyle.Numpy).Length + x.data<float>().Count;
                    return [];
                };
            },
            ["types and devices that it has"] = () =>
            {
                var x = ones(3);
                return () => [x.to(ScalarType.Float32), x.to(CPU), x.cpu(), x.contiguous(), x.type_as(x)];
            },
            ["dropout, evaluating"] = () =>
            {
                var x = ones(3);
                return () => [F.dropout(x, training: false)];
            },
        };
        Gradients(steps);
        Modules(steps);
        foreach (var (name, make) in OptimizerCases.Optimizers)
        {
            steps[$"new {name}"] = () =>
            {
                var (a, b) = OptimizerCases.Start();
                return () =>
                {
                    make([a, b]);
                    return [];
                };
            };
            steps[$"{name}, first step"] = () => Training(make, 0);
            steps[$"{name}, third step"] = () => Training(make, 2);
        }
        return steps;
    }

    private static void Gradients(Dictionary<string, Func<Func<IEnumerable<Tensor>>>> steps)
    {
        steps["gradient, asked for twice"] = () =>
        {
            var x = ones(2, requires_grad: true);
            x.sum().backward();
            return () => [x.grad!, x.grad!];
        };
        steps["gradient, set"] = () =>
        {
            Tensor x = ones(2, requires_grad: true), gradient = ones(2);
            return () =>
            {
                x.grad = gradient;
                return [];
            };
        };
        steps["gradient, none"] = () =>
        {
            var x = ones(2, requires_grad: true);
            return () => x.grad is null ? [] : [x];
        };
        steps["backward"] = () =>
        {
            var y = (ones(2, requires_grad: true) * 2).exp().sum();
            return () =>
            {
                y.backward();
                return [];
            };
        };
        steps["autograd.grad"] = () =>
        {
            Tensor x = ones(2, requires_grad: true), y = (x * 2).exp().sum();
            return () => autograd.grad([y], [x]);
        };
    }

    private static void Modules(Dictionary<string, Func<Func<IEnumerable<Tensor>>>> steps)
    {
        steps["parameter of a tensor"] = () =>
        {
            var x = ones(2);
            return () =>
            {
                _ = new Parameter(x);
                return [];
            };
        };
        steps["parameter of a tensor made for it"] = () => () => [new Parameter(ones(2))];
        steps["state and parameters"] = () =>
        {
            var module = nn.Linear(2, 3);
            return () =>
            {
                module.state_dict();
                _ = module.parameters().Count();
                return [];
            };
        };
        steps["packed sequences"] = () =>
        {
            Tensor x = ones(3, 2), y = ones(1, 2);
            return () => [nn.utils.rnn.pad_packed_sequence(nn.utils.rnn.pack_sequence([x, y])).Item1];
        };
        steps["packed sequence in a scope"] = () =>
        {
            Tensor x = ones(3, 2), y = ones(1, 2);
            return () =>
            {
                using (NewDisposeScope())
                    nn.utils.rnn.pack_sequence([x, y]);
                return [];
            };
        };
        steps["module to another type"] = () =>
        {
            var module = nn.Linear(2, 3);
            return () =>
            {
                module.to(ScalarType.Float64);
                return [];
            };
        };
    }

    private static Func<IEnumerable<Tensor>> Training(Func<IEnumerable<Parameter>, optim.Optimizer> make, int before)
    {
        var (a, b) = OptimizerCases.Start();
        var optimizer = make([a, b]);
        for (int i = 0; i < before; i++)
            Step();
        return Step;

        IEnumerable<Tensor> Step()
        {
            optimizer.zero_grad();
            OptimizerCases.Loss(a, b).backward();
            optimizer.step();
            return [];
        }
    }
}
