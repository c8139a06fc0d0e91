using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Walking the tree: a component that is shared under several names is reported once, under its first name.
        public partial class Module
        {
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (name, parameter) in _internal_params)
                    if (seen.Add(parameter))
                        yield return (name, parameter);
                if (!recurse)
                    yield break;
                foreach (var (prefix, module) in Submodules)
                    foreach (var (name, parameter) in module.named_parameters(true))
                        if (seen.Add(parameter))
                            yield return ($"{prefix}.{name}", parameter);
            }

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (name, (buffer, persistent)) in _internal_buffers)
                    if ((persistent || include_nonpersistent) && seen.Add(buffer))
                        yield return (name, buffer);
                if (!recurse)
                    yield break;
                foreach (var (prefix, module) in Submodules)
                    foreach (var (name, buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer))
                            yield return ($"{prefix}.{name}", buffer);
            }

            /// <summary>What lies directly under this module: what is registered, or what a chain consists of.</summary>
            private protected virtual IEnumerable<(string name, Module module)> Submodules => _internal_submodules;

            public virtual IEnumerable<(string name, Module module)> named_children() => Submodules;

            /// <summary>All modules below this one: first the children, then each child's.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in Submodules)
                    yield return child;
                foreach (var (prefix, module) in Submodules)
                    foreach (var (name, inner) in module.named_modules())
                        yield return ($"{prefix}.{name}", inner);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(item => item.parameter);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(item => item.buffer);

            public virtual IEnumerable<Module> children() => named_children().Select(item => item.module);

            public virtual IEnumerable<Module> modules() => named_modules().Select(item => item.module);

            public virtual bool has_parameter(string target) => Owner(target) is var (module, name) && module._internal_params.ContainsKey(name);

            public virtual bool has_buffer(string target) => Owner(target) is var (module, name) && module._internal_buffers.ContainsKey(name);

            /// <param name="target">Dotted path, such as <c>encoder.layers.0.norm1.weight</c>.</param>
            /// <returns>The parameter, or null when there is none of that name.</returns>
            public virtual Parameter? get_parameter(string target) =>
                Owner(target) is var (module, name) && module._internal_params.TryGetValue(name, out var parameter) ? parameter : null;

            /// <param name="target">Dotted path, such as <c>bn1.running_mean</c>.</param>
            /// <returns>The buffer, or null when there is none of that name.</returns>
            public virtual Tensor? get_buffer(string target) =>
                Owner(target) is var (module, name) && module._internal_buffers.TryGetValue(name, out var buffer) ? buffer.Item1 : null;

            /// <summary>The module in which a dotted path ends, and the last name of the path; null when the path leads nowhere.</summary>
            private (Module, string)? Owner(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                var module = this;
                while (target.IndexOf('.') is var dot and >= 0)
                {
                    if (module.Submodules.FirstOrDefault(child => child.name == target[..dot]).module is not { } next)
                        return null;
                    (module, target) = (next, target[(dot + 1)..]);
                }
                return (module, target);
            }
        }
    }
}
