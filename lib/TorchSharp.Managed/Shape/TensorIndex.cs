namespace TorchSharp;

public static partial class torch
{
    /// <summary>One entry of an index expression: a number, a range, a mask, an index tensor, a new axis or "all remaining dimensions".</summary>
    public struct TensorIndex
    {
        internal enum Kind { Colon, None, Bool, Single, Slice, Ellipsis, Tensor }

        internal Kind Type;
        internal long? Start, Stop, Step;
        internal Tensor? Index;

        /// <summary>The whole dimension.</summary>
        public static TensorIndex Colon = new() { Type = Kind.Colon };

        /// <summary>A new dimension of size 1.</summary>
        public static TensorIndex None = new() { Type = Kind.None };

        /// <summary>A new dimension of size 1.</summary>
        public static TensorIndex Null = new() { Type = Kind.None };

        /// <summary>As many whole dimensions as are left.</summary>
        public static TensorIndex Ellipsis = new() { Type = Kind.Ellipsis };

        public static TensorIndex Bool(bool value) => new() { Type = Kind.Bool, Start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { Type = Kind.Single, Start = index };

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new() { Type = Kind.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        public static TensorIndex Slice(Range range) => Slice(FromEnd(range.Start), range.End.IsFromEnd && range.End.Value == 0 ? null : FromEnd(range.End));

        public static TensorIndex Tensor(Tensor tensor) => new() { Type = Kind.Tensor, Index = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex(Index index) => Single(FromEnd(index));

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        private static long FromEnd(Index index) => index.IsFromEnd ? -(long)index.Value : index.Value;
    }
}
