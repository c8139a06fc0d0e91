using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>
        /// A tree of components: parameters (trained), buffers (remembered, not trained) and submodules, each under a name.
        /// A module of one's own creates its components as fields and calls <see cref="RegisterComponents"/> at the end of its constructor.
        /// </summary>
        public partial class Module : IDisposable
        {
            internal readonly OrderedDict<string, Parameter> _internal_params = [];
            internal readonly OrderedDict<string, (Tensor, bool)> _internal_buffers = [];
            internal readonly OrderedDict<string, Module> _internal_submodules = [];
            private readonly string _name;
            private bool _registered, _trains = true;

            protected Module(string name) => _name = name;

            ~Module() => Dispose(false);

            public virtual bool training => _trains;

            public virtual string GetName() => _name;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Releases parameters, buffers and submodules; the finaliser leaves that to their own.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var (_, parameter) in _internal_params)
                    parameter.Dispose();
                foreach (var (_, (buffer, _)) in _internal_buffers)
                    buffer.Dispose();
                foreach (var (_, module) in Submodules)
                    module.Dispose();
                ClearModules();
            }

            protected void ClearModules() => _internal_submodules.Clear();

            /// <summary>Registers every field that holds a module, a parameter or a tensor, under the field's name.</summary>
            protected virtual void RegisterComponents()
            {
                // The library's own modules register what they create under PyTorch's names, in their constructors.
                if (_registered || GetType().Assembly == typeof(Module).Assembly)
                    return;
                foreach (var field in GetType().GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                {
                    string component = field.ComponentName();
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(component, module); break;
                        case Parameter parameter: register_parameter(component, parameter); break;
                        case Tensor tensor: register_buffer(component, tensor); break;
                    }
                }
                _registered = true;
            }

            /// <exception cref="InvalidOperationException">A component of that name is registered already.</exception>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                RequireFree(name);
                tensor.DetachFromDisposeScope();
                _internal_buffers.Add(name, (tensor, persistent));
            }

            /// <exception cref="InvalidOperationException">A component of that name is registered already.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null)
                {
                    _internal_params.Remove(name);
                    return;
                }
                RequireFree(name);
                param.DetachFromDisposeScope();
                _internal_params.Add(name, param);
            }

            /// <exception cref="InvalidOperationException">A component of that name is registered already.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                if (ReferenceEquals(submodule, this))
                    throw new ArgumentException($"Module '{GetName()}' cannot contain itself.", nameof(submodule));
                RequireFree(name);
                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            private protected void RegisterModules(params ReadOnlySpan<(string name, Module module)> modules)
            {
                foreach (var (name, module) in modules)
                    register_module(name, module);
            }

            private void RequireFree(string name)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                if (_internal_params.ContainsKey(name) || _internal_buffers.ContainsKey(name) || _internal_submodules.ContainsKey(name))
                    throw new InvalidOperationException($"Module '{GetName()}' has a component named '{name}' already.");
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value) => ConditionallyRegisterParameter(name, (Parameter)value);

            /// <summary>Adds, replaces or (null) removes the parameter of that name.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter value)
            {
                if (value is null)
                    _internal_params.Remove(name);
                else
                {
                    value.DetachFromDisposeScope();
                    _internal_params[name] = value;
                }
            }

            /// <summary>Adds, replaces or (null) removes the buffer of that name.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor value, bool persistent = true)
            {
                if (value is null)
                    _internal_buffers.Remove(name);
                else
                {
                    value.DetachFromDisposeScope();
                    _internal_buffers[name] = (value, persistent);
                }
            }

            /// <summary>Dropout and batch normalisation behave differently while training.</summary>
            public virtual void train(bool train = true)
            {
                _trains = train;
                foreach (var (_, module) in named_children())
                    module.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>A module that becomes part of this one without being registered under a name.</summary>
            private protected static void Adopt(Module module) => module.RegisterComponents();

            /// <summary>Calls a function on every submodule, innermost first, and on this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, module) in Submodules)
                    module.apply(fn);
                fn(this);
                return this;
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                    Gradients.Clear(parameter, set_to_none);
            }
        }
    }
}
