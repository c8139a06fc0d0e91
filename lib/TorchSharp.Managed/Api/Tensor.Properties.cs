namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public ScalarType dtype => _type;

        public Device device => Place.Device;

        public DeviceType device_type => device.type;

        public int device_index => device.index;

        /// <summary>The sizes of all dimensions (a copy).</summary>
        public long[] shape => (long[])Layout.Shape.Clone();

        public long[] size() => shape;

        public long size(int dim) => Layout.Shape[Existing(dim)];

        public long[] stride() => (long[])Layout.Strides.Clone();

        public long stride(int dim) => Layout.Strides[Existing(dim)];

        private int Existing(int dim) => Layout.Rank == 0 ? throw new System.Runtime.InteropServices.ExternalException($"Dimension specified as {dim} but tensor has no dimensions") : Layout.Dim(dim);

        public long storage_offset() => Layout.Offset;

        public long Dimensions => Layout.Rank;

        public long ndim => Layout.Rank;

        public long dim() => Layout.Rank;

        public long NumberOfElements => Layout.Count;

        public long numel() => Layout.Count;

        public long ElementSize => _type.Size();

        public long element_size() => _type.Size();

        public bool is_contiguous() => Layout.IsContiguous;

        public bool is_cpu() => Storage.OnHost;

        public bool is_cuda => device.type == DeviceType.CUDA;

        public bool is_meta => false;

        public bool is_sparse => false;

        public bool is_pinned() => false;

        public bool is_complex() => torch.is_complex(_type);

        public bool is_floating_point() => _type.IsFloating();

        public bool is_integral() => torch.is_integral(_type);

        /// <summary>The single element is not zero.</summary>
        public bool is_nonzero() => Layout.Count == 1 ? ToScalar().ToBoolean()
            : throw new InvalidOperationException($"is_nonzero() called on non-singleton tensor (the tensor has shape {Layout})");

        internal string Describe() => $"{_type.TensorName()} {Layout}";
    }

    public static bool is_floating_point(Tensor input) => input.is_floating_point();

    public static bool is_complex(Tensor input) => input.is_complex();

    public static bool is_integral(Tensor t) => t.is_integral();

    public static bool is_nonzero(Tensor input) => input.is_nonzero();

    public static bool is_tensor(object obj) => obj is Tensor;

    public static long numel(Tensor input) => input.numel();
}
