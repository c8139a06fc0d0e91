namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose <c>call</c> runs hooks before and after <c>forward</c>. Calling <c>forward</c> itself runs none.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly Dictionary<string, TPreHook> _pre_hooks = [];
            private readonly Dictionary<string, TPostHook> _post_hooks = [];
            private readonly Dictionary<string, Action<Module>> _module_pre_hooks = [];
            private readonly Dictionary<string, Action<Module>> _module_post_hooks = [];
            private int _nextKey;

            protected HookableModule(string name) : base(name) { }

            /// <summary>Runs before <c>forward</c>; a result that is not null replaces the input.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(_pre_hooks, hook);

            /// <summary>Runs after <c>forward</c>; a result that is not null replaces the output.</summary>
            public HookRemover register_forward_hook(TPostHook hook) => Register(_post_hooks, hook);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(_module_pre_hooks, hook);

            public HookRemover register_forward_hook(Action<Module> hook) => Register(_module_post_hooks, hook);

            private HookRemover Register<T>(Dictionary<string, T> hooks, T hook)
            {
                ArgumentNullException.ThrowIfNull(hook);
                string key = (_nextKey++).ToString(System.Globalization.CultureInfo.InvariantCulture);
                hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            internal bool HasHooks => _pre_hooks.Count + _post_hooks.Count + _module_pre_hooks.Count + _module_post_hooks.Count > 0;

            // A hook may remove itself, so the loops run over copies; without hooks nothing is allocated.
            private protected TPreHook[] PreHooks => _pre_hooks.Count == 0 ? [] : [.. _pre_hooks.Values];

            private protected TPostHook[] PostHooks => _post_hooks.Count == 0 ? [] : [.. _post_hooks.Values];

            private protected void RunBefore()
            {
                if (_module_pre_hooks.Count > 0)
                    foreach (var hook in _module_pre_hooks.Values.ToArray())
                        hook(this);
            }

            private protected void RunAfter()
            {
                if (_module_post_hooks.Count > 0)
                    foreach (var hook in _module_post_hooks.Values.ToArray())
                        hook(this);
            }

            /// <summary>Undoes the registration of one hook.</summary>
            public class HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
            {
                public void remove()
                {
                    module._pre_hooks.Remove(key);
                    module._post_hooks.Remove(key);
                    module._module_pre_hooks.Remove(key);
                    module._module_post_hooks.Remove(key);
                }
            }
        }
    }
}
