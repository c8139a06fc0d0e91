using System.Collections;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    public static bool is_storage(object obj) => obj is Storage;

    /// <summary>The memory of a tensor as a row of numbers, whatever views there are of it.</summary>
    public abstract class Storage
    {
        /// <summary>All of the memory, in a handle of the storage's own; null for a single number.</summary>
        private protected readonly Tensor? memory;

        private protected Storage(Tensor? memory) => this.memory = memory?.DetachFromDisposeScope();

        private protected Tensor Memory => memory ?? throw new InvalidOperationException("Invalid use of a scalar Storage instance.");

        // Copies in another type.
        public Storage<bool> @bool() => Memory.@bool().storage<bool>();

        public Storage<byte> @byte() => Memory.@byte().storage<byte>();

        public Storage<int> @int() => Memory.@int().storage<int>();

        public Storage<long> @long() => Memory.@long().storage<long>();

        public Storage<float> @float() => Memory.@float().storage<float>();

        public Storage<double> @double() => Memory.@double().storage<double>();

        /// <summary>Bytes of one number.</summary>
        public abstract int element_size();

        /// <summary>The address of the first number. Keep the storage alive while it is used.</summary>
        public unsafe IntPtr data_ptr() => (nint)Memory.Data;

        /// <summary>Bytes of all numbers.</summary>
        public ulong nbytes() => (ulong)(Memory.numel() * element_size());
    }

    public sealed class Storage<T> : Storage, IDisposable, IEnumerable<T> where T : unmanaged
    {
        private readonly T _value;

        internal Storage(Tensor memory) : base(memory) { }

        private Storage(T value) : base(null) => _value = value;

        /// <summary>A number that can be assigned to a range.</summary>
        public static implicit operator Storage<T>(T value) => new(value);

        private unsafe Span<T> Span => new((void*)data_ptr(), Count);

        public Device device => Memory.device;

        public int Count => (int)Memory.numel();

        public bool IsReadOnly => false;

        public override int element_size() => Marshal.SizeOf(ScalarTypeZero());

        private static object ScalarTypeZero() => typeof(T) == typeof(bool) ? (byte)0 : default(T);

        public T this[int index]
        {
            get
            {
                var found = Span[index];
                GC.KeepAlive(this);
                return found;
            }
            set
            {
                Span[index] = value;
                GC.KeepAlive(this);
            }
        }

        /// <summary>A part of the same memory; assigned, a number fills it, and another storage is copied into it.</summary>
        public Storage<T> this[Range range]
        {
            get
            {
                var (start, length) = range.GetOffsetAndLength(Count);
                return new Storage<T>(Memory.narrow(0, start, length));
            }
            set
            {
                var (start, length) = range.GetOffsetAndLength(Count);
                var part = Span.Slice(start, length);
                if (value.memory is null)
                    part.Fill(value._value);
                else
                    value.Span[..length].CopyTo(part);
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        /// <summary>From start (0) up to end (the number of elements).</summary>
        public Storage<T> this[(int? start, int? end) range]
        {
            get => this[(range.start ?? 0)..(range.end ?? Count)];
            set => this[(range.start ?? 0)..(range.end ?? Count)] = value;
        }

        public Storage<T> cpu() => this;

        public Storage<T> cuda(Device? device = null) => Memory.cuda().storage<T>();

        public T[] ToArray()
        {
            var copy = Span.ToArray();
            GC.KeepAlive(this);
            return copy;
        }

        public IList<T> tolist() => ToArray();

        /// <summary>Writes the numbers from the first place on.</summary>
        public void copy_(IList<T> array) => CopyFrom(array, 0);

        public void fill_(T value) => this[..] = value;

        public bool Contains(T item) => IndexOf(item) >= 0;

        public int IndexOf(T item) => Array.IndexOf(ToArray(), item);

        /// <summary>Writes all numbers into a list, from <paramref name="arrayIndex"/> on.</summary>
        public void CopyTo(IList<T> array, int arrayIndex)
        {
            foreach (var item in ToArray())
                array[arrayIndex++] = item;
        }

        /// <summary>Takes the numbers of a list, from <paramref name="arrayIndex"/> on, as many as there are places.</summary>
        public void CopyFrom(IList<T> array, int arrayIndex)
        {
            int count = Math.Min(Count, array.Count - arrayIndex);
            for (int i = 0; i < count; i++)
                this[i] = array[arrayIndex + i];
        }

        public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <summary>Gives its handle back; the tensor keeps the memory.</summary>
        public void Dispose() => memory?.Dispose();
    }

    public partial class Tensor
    {
        /// <summary>A name for the program's own use.</summary>
        public string? name { get; set; }

        /// <summary>All of the memory that the tensor looks into; a converted copy if T is not its type.</summary>
        public Storage<T> storage<T>() where T : unmanaged
        {
            var type = Factories.TypeOf(typeof(T));
            if (type != dtype)
                return to_type(type).storage<T>();
            long count = Storage.Bytes / type.Size();
            return new Storage<T>(ShareData(new Layout([count], [1], 0)));
        }
    }
}
