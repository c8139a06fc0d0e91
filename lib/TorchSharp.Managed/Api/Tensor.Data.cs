using System.Runtime.InteropServices;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    // Elements as C# values, other types, copies.
    public partial class Tensor
    {
        /// <summary>The elements as <typeparamref name="T"/>, which must be the tensor's element type.</summary>
        public TensorAccessor<T> data<T>() where T : unmanaged
        {
            _ = Storage;
            return new TensorAccessor<T>(this);
        }

        /// <summary>The elements in row order, in double precision.</summary>
        internal double[] Doubles()
        {
            using var scope = DisposeScope.ForTemporaries();
            return detach().@double().cpu().contiguous().data<double>().ToArray();
        }

        /// <summary>The elements in row order, as whole numbers: exact for every type that has no others.</summary>
        internal long[] Integers()
        {
            using var scope = DisposeScope.ForTemporaries();
            return detach().@long().cpu().contiguous().data<long>().ToArray();
        }

        /// <summary>The single element; T must be the tensor's element type.</summary>
        public T item<T>() where T : unmanaged
        {
            RequireOne();
            if (Storage.OnHost)
                return data<T>()[new long[Layout.Rank]];
            using var here = OnHost();
            return here.data<T>()[new long[Layout.Rank]];
        }

        /// <summary>The values in the host's memory: a packed copy of what a device holds, without history, in no scope.</summary>
        internal Tensor OnHost()
        {
            if (IsMeta)
                ThrowNoData();
            var here = Allocate(Layout.Packed, dtype).AsTemporary();
            Transfers.Copy(this, here);
            return here;
        }

        private void RequireOne()
        {
            if (Layout.Count != 1)
                throw new ArgumentException($"Number of elements in the tensor must be 1 (the tensor has shape {Layout})");
        }

        public unsafe Scalar ToScalar()
        {
            if (Layout.Count != 1)
                throw new ExternalException($"a Tensor with {Layout.Count} elements cannot be converted to Scalar (the tensor has shape {Layout})");
            if (!Storage.OnHost)
            {
                using var here = OnHost();
                return here.ToScalar();
            }
            byte* p = Data;
            Scalar result = dtype switch
            {
                ScalarType.Bool => *p != 0,
                ScalarType.Byte => *p,
                ScalarType.Int8 => *(sbyte*)p,
                ScalarType.Int16 => *(short*)p,
                ScalarType.Int32 => *(int*)p,
                ScalarType.Int64 => *(long*)p,
                ScalarType.Float16 => *(Half*)p,
                ScalarType.BFloat16 => *(BFloat16*)p,
                ScalarType.Float32 => *(float*)p,
                ScalarType.Float64 => *(double*)p,
                _ => throw ScalarTypes.Unsupported(dtype),
            };
            GC.KeepAlive(this);
            return result;
        }

        private T ReadCpu<T>(long i) where T : unmanaged => data<T>()[i];

        public byte ReadCpuByte(long i) => ReadCpu<byte>(i);

        public sbyte ReadCpuSByte(long i) => ReadCpu<sbyte>(i);

        public short ReadCpuInt16(long i) => ReadCpu<short>(i);

        public int ReadCpuInt32(long i) => ReadCpu<int>(i);

        public long ReadCpuInt64(long i) => ReadCpu<long>(i);

        public bool ReadCpuBool(long i) => ReadCpu<bool>(i);

        public float ReadCpuSingle(long i) => ReadCpu<float>(i);

        public double ReadCpuDouble(long i) => ReadCpu<double>(i);

        public float ReadCpuFloat16(long i) => (float)ReadCpu<Half>(i);

        public float ReadCpuBFloat16(long i) => (float)ReadCpu<BFloat16>(i);

        public T ReadCpuValue<T>(long i) where T : unmanaged => ReadCpu<T>(i);

        /// <summary>The raw bytes of a contiguous tensor.</summary>
        /// <exception cref="NotImplementedException">It is not contiguous; the type is the one that TorchSharp throws. Take those of <c>contiguous()</c>.</exception>
        /// <exception cref="OverflowException">There are 2³¹ or more of them.</exception>
        public unsafe Span<byte> bytes
        {
            get
            {
                if (!Layout.IsContiguous)
                    throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
                if (Layout.Count * dtype.Size() > int.MaxValue)
                    throw new OverflowException($"the {Layout.Count * dtype.Size()} bytes of a tensor of shape {Layout} do not fit into one span; take those of its parts (narrow)");
                return new Span<byte>(Data, (int)(Layout.Count * dtype.Size()));
            }
            set
            {
                if (!Layout.IsContiguous)
                    throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
                if (value.Length != Layout.Count * dtype.Size())
                    throw new ArgumentException($"Mismatched data sizes: the tensor has {Layout.Count * dtype.Size()} bytes, got {value.Length}", nameof(value));
                value.CopyTo(bytes);
                Changed(null);
            }
        }

        /// <summary>The same values as another element type; when it has that type already, the same variable under another handle.</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var result = type != dtype ? Operations.Convert(this, type) : copy ? Operations.Clone(this) : SameVariable();
            if (disposeAfter)
                Dispose();
            return result;
        }

        /// <summary>Itself when it has that type already: for operations, which keep count of what they dispose.</summary>
        internal Tensor As(ScalarType type) => type == dtype ? this : Operations.Convert(this, type);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to_type(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(dtype, device, copy, disposeAfter, non_blocking);

        /// <summary>On the meta device only shape and type arrive; there are no values to bring back from it.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor lies on the meta device, the wanted one does not.</exception>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            var place = TorchSharp.Place.Of(device);
            if (ReferenceEquals(place, Place))
                return to_type(type, copy, disposeAfter, non_blocking);
            if (IsMeta)
                ThrowNoData();
            var there = Operations.Move(this, type, place);
            if (disposeAfter)
                Dispose();
            return there;
        }

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device);

        public Tensor type(ScalarType dtype) => to_type(dtype);

        public Tensor type(Func<Tensor, Tensor> typeFunc) => typeFunc(this);

        public Tensor type_as(Tensor tensor) => to_type(tensor.dtype);

        public Tensor cpu() => to(CPU);

        /// <summary>On the first CUDA device, or the one that is named.</summary>
        /// <exception cref="InvalidOperationException">There is none.</exception>
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA);

        public Tensor @bool() => to_type(ScalarType.Bool);

        public Tensor @byte() => to_type(ScalarType.Byte);

        public Tensor @char() => to_type(ScalarType.Int8);

        public Tensor @short() => to_type(ScalarType.Int16);

        public Tensor @int() => to_type(ScalarType.Int32);

        public Tensor @long() => to_type(ScalarType.Int64);

        public Tensor half() => to_type(ScalarType.Float16);

        public Tensor bfloat16() => to_type(ScalarType.BFloat16);

        public Tensor @float() => to_type(ScalarType.Float32);

        public Tensor @double() => to_type(ScalarType.Float64);

        public Tensor clone() => Operations.Clone(this);

        /// <summary>A contiguous copy of the values, without history.</summary>
        internal Tensor CloneData()
        {
            var y = NewEmpty(Layout.Packed, dtype);
            Transfers.Copy(this, y);
            return y;
        }

        /// <summary>The same variable when its elements lie in order, else a copy in which they do.</summary>
        public Tensor contiguous() => Layout.IsContiguous ? SameVariable() : clone();

        public Tensor copy_(Tensor source, bool nonBlocking = false) => Operations.CopyInto(this, source);

        public Tensor fill_(Scalar value) => Operations.FillInto(this, value);

        public Tensor zero_() => fill_(0);

        /// <summary>Makes this handle refer to the memory of another tensor.</summary>
        public Tensor set_(Tensor source)
        {
            if (source.dtype != dtype)
                throw new ExternalException($"Could not set tensor of type {source.dtype} to a tensor of type {dtype}");
            ReplaceData(source);
            return this;
        }
    }

    public static Tensor clone(Tensor input) => input.clone();
}
