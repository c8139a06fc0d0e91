using TorchSharp.IO;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Parameters and persistent buffers under their dotted names: as a dictionary, and in TorchSharp's .dat format.
        public partial class Module
        {
            /// <summary>All parameters, then all persistent buffers. The tensors are the module's own, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                foreach (var (name, parameter) in named_parameters())
                    destination.TryAdd(Path(name), parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false))
                    destination.TryAdd(Path(name), buffer);
                return destination;

                string Path(string name) => string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}";
            }

            /// <summary>Copies values into the parameters and buffers of the same names. Nothing is copied when anything does not fit.</summary>
            /// <returns>Names that <paramref name="source"/> lacks, and names that this module lacks.</returns>
            /// <exception cref="InvalidOperationException">Names differ, and <paramref name="strict"/> is true.</exception>
            /// <exception cref="ArgumentException">A shape differs.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                var own = state_dict();
                bool Wanted(string key) => skip is null || !skip.Contains(key);
                List<string> missing = [.. own.Keys.Where(key => Wanted(key) && !source.ContainsKey(key))];
                List<string> unexpected = [.. source.Keys.Where(key => Wanted(key) && !own.ContainsKey(key))];
                var pairs = source.Where(item => Wanted(item.Key) && own.ContainsKey(item.Key)).Select(item => (item.Key, Target: own[item.Key], item.Value)).ToList();
                foreach (var (key, target, value) in pairs)
                    StateFile.RequireShape(key, target, value.shape);
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                    throw new InvalidOperationException($"The loaded state_dict is not identical to the target dictionary: {StateFile.Differences(missing, unexpected)}");
                using (no_grad())
                    foreach (var (_, target, value) in pairs)
                        target.copy_(value);
                return (missing, unexpected);
            }

            /// <summary>Writes all parameters and persistent buffers, in TorchSharp's format. The file appears complete or not at all.</summary>
            /// <param name="skip">Names that are left out.</param>
            public Module save(string location, IList<string>? skip = null)
            {
                AtomicFile.Write(location, stream => save(stream, skip));
                return this;
            }

            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null) => StateFile.Write(writer, sd, skip);

            /// <summary>Reads parameters and buffers that <see cref="save(string, IList{string})"/> wrote. A file that does not fit leaves the module as it was.</summary>
            /// <param name="strict">Every name in the file must be here, and the other way round.</param>
            /// <param name="skip">Names that are not loaded.</param>
            /// <param name="loadedParameters">Receives for every name whether it was loaded.</param>
            /// <exception cref="ArgumentException">The file belongs to another architecture.</exception>
            /// <exception cref="InvalidDataException">The file is damaged, or no such file.</exception>
            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                return load(reader, strict, skip, loadedParameters);
            }

            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                StateFile.Read(reader, state_dict(), strict, skip, loadedParameters);
                return this;
            }

            /// <summary>A new module with the weights of a file.</summary>
            public static Module Create<T>(string path) where T : Module, new() => new T().load(path);
        }
    }
}
