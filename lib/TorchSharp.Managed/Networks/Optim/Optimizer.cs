using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Rules by which parameters follow their gradients.</summary>
    public static partial class optim
    {
        public abstract partial class Optimizer : IDisposable
        {
            internal IList<ParamGroup> _parameter_groups = [];

            private protected Optimizer() { }

            /// <summary>The parameter groups, as learning-rate schedulers see them.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            /// <summary>Adds parameters with options of their own; what they leave open comes from the optimiser.</summary>
            public virtual void add_param_group(ParamGroup param_group) => throw new NotSupportedException($"{GetType().Name} has a single parameter group.");

            /// <summary>Moves all parameters once. The closure, if any, computes the loss first.</summary>
            /// <returns>The closure's loss, or null.</returns>
            public virtual Tensor? step(Func<Tensor>? closure = null) => throw new NotSupportedException($"{GetType().Name} does not define step.");

            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                    Gradients.Clear(parameter, setToNone: false);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) { }

            /// <summary>The options of the groups, and for each parameter what the optimiser remembers of it.</summary>
            public class StateDictionary
            {
                internal StateDictionary() { }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group, the positions of its parameters in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }

        /// <summary>Something with a learning rate that a scheduler may change.</summary>
        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        /// <summary>Optimisers whose momentum a scheduler may change.</summary>
        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        /// <summary>Optimisers whose first beta a scheduler may change in place of a momentum.</summary>
        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
