using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Course.Cli.Bench;

/// <summary>The network of row 4.3, through the public API only: what a learner writes.</summary>
internal sealed class ReferenceNetwork : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1 = Conv2d(1, 10, 5);
    private readonly Conv2d conv2 = Conv2d(10, 20, 5);
    private readonly Linear fc1 = Linear(320, 50);
    private readonly Linear fc2 = Linear(50, 10);

    public ReferenceNetwork() : base(nameof(ReferenceNetwork)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var x = functional.relu(functional.max_pool2d(conv1.forward(input), 2));
        x = functional.relu(functional.max_pool2d(conv2.forward(x), 2));
        x = functional.relu(fc1.forward(x.flatten(1)));
        return functional.log_softmax(fc2.forward(x), 1);
    }
}
