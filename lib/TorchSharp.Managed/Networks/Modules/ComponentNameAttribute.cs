using System.Reflection;

namespace TorchSharp
{
    public static class FieldInfoExtensionMethods
    {
        /// <summary>The name under which a field's module, parameter or buffer is registered.</summary>
        public static string ComponentName(this FieldInfo field) =>
            field.GetCustomAttribute<Utils.ComponentNameAttribute>()?.Name is { Length: > 0 } name ? name : field.Name;
    }
}

namespace TorchSharp.Utils
{
    /// <summary>Gives a field of a module another name in the state dictionary.</summary>
    [AttributeUsage(AttributeTargets.Field)]
    public class ComponentNameAttribute : Attribute
    {
        public string? Name { get; set; }
    }
}
