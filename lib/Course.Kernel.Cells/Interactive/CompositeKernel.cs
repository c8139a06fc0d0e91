using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Course.Kernel.Cells;

namespace Microsoft.DotNet.Interactive
{
    /// <summary>Kernels by name.</summary>
    public sealed class CompositeKernel : Kernel, IEnumerable<Kernel>
    {
        internal CompositeKernel(IReadOnlyList<Kernel> kernels)
            : base(".NET") => ChildKernels = kernels;

        public IReadOnlyCollection<Kernel> ChildKernels { get; }

        public string DefaultKernelName => "csharp";

        public override Kernel? FindKernelByName(string name) => base.FindKernelByName(name) ?? ChildKernels.FirstOrDefault(kernel => kernel.Name == name);

        public IEnumerator<Kernel> GetEnumerator() => ChildKernels.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace Microsoft.DotNet.Interactive.CSharp
{
    /// <summary>The kernel that runs C#.</summary>
    public sealed class CSharpKernel : Kernel
    {
        internal CSharpKernel()
            : base("csharp")
        {
        }

        /// <summary>A variable that a cell declared.</summary>
        /// <returns>Whether there is one of this name and type.</returns>
        public bool TryGetValue<T>(string name, [MaybeNullWhen(false)] out T value)
        {
            value = default;
            if (Helpers.Variables?.Invoke(name) is not T found)
                return false;
            value = found;
            return true;
        }
    }
}
