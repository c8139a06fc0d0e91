namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose <c>call</c> runs hooks before and after <c>forward</c>. Calling <c>forward</c> itself runs none.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            private readonly Dictionary<string, TPreHook> pre_hooks = [];
            private readonly Dictionary<string, TPostHook> post_hooks = [];
            private readonly Dictionary<string, Action<Module>> module_pre_hooks = [];
            private readonly Dictionary<string, Action<Module>> module_post_hooks = [];
            private int nextKey;

            protected HookableModule(string name) : base(name) { }

            /// <summary>Runs before <c>forward</c>; a result that is not null replaces the input.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(pre_hooks, hook);

            /// <summary>Runs after <c>forward</c>; a result that is not null replaces the output.</summary>
            public HookRemover register_forward_hook(TPostHook hook) => Register(post_hooks, hook);

            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(module_pre_hooks, hook);

            public HookRemover register_forward_hook(Action<Module> hook) => Register(module_post_hooks, hook);

            private HookRemover Register<T>(Dictionary<string, T> hooks, T hook)
            {
                ArgumentNullException.ThrowIfNull(hook);
                string key = (nextKey++).ToString(System.Globalization.CultureInfo.InvariantCulture);
                hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            // A hook may remove itself, so the loops run over copies; without hooks nothing is allocated.
            private protected TPreHook[] PreHooks => pre_hooks.Count == 0 ? [] : [.. pre_hooks.Values];

            private protected TPostHook[] PostHooks => post_hooks.Count == 0 ? [] : [.. post_hooks.Values];

            private protected void RunBefore()
            {
                if (module_pre_hooks.Count > 0)
                    foreach (var hook in module_pre_hooks.Values.ToArray()) hook(this);
            }

            private protected void RunAfter()
            {
                if (module_post_hooks.Count > 0)
                    foreach (var hook in module_post_hooks.Values.ToArray()) hook(this);
            }

            /// <summary>Undoes the registration of one hook.</summary>
            public class HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
            {
                public void remove()
                {
                    module.pre_hooks.Remove(key);
                    module.post_hooks.Remove(key);
                    module.module_pre_hooks.Remove(key);
                    module.module_post_hooks.Remove(key);
                }
            }
        }
    }
}
