namespace TorchSharp;

public static partial class torch
{
    public static partial class distributions
    {
        /// <summary>Families of densities exp(θ·T(x) − A(θ))·h(x).</summary>
        public abstract class ExponentialFamily : Distribution
        {
            private protected ExponentialFamily(Generator? generator) : base(generator) { }
        }
    }
}
