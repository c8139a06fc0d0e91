using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class distributions
        {
            /// <summary>The sum of the squares of <paramref name="df"/> standard normal numbers.</summary>
            public static Chi2 Chi2(Tensor df, Generator? generator = null) => new(df, generator);
        }
    }
}

namespace TorchSharp.Modules
{
    public class Chi2 : Gamma
    {
        public Chi2(Tensor df, Generator? generator = null) : this(df, df * 0.5, full_like(df, 0.5), generator) { }

        private Chi2(Tensor df, Tensor concentration, Tensor rate, Generator? generator) : base(concentration, rate, generator)
        {
            this.df = Own(df);
            // The base class has handles of its own.
            concentration.Discard();
            rate.Discard();
        }

        /// <summary>Degrees of freedom.</summary>
        public Tensor df { get; }

        public override distributions.Distribution expand(Size batch_shape, distributions.Distribution? instance = null) =>
            Expanded(instance, () => new Chi2(df.expand(batch_shape), generator));
    }
}
