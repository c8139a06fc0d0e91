namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        /// <summary>Writes the elements in row-major order, as they lie in memory.</summary>
        public unsafe void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var source = Storage.OnHost ? contiguous() : OnHost();
            long left = source.numel() * source.ElementSize;
            byte* from = source.Data;
            for (int count; left > 0; left -= count, from += count)
            {
                count = (int)Math.Min(left, Math.Max(bufferSize, 1 << 20));
                stream.Write(new ReadOnlySpan<byte>(from, count));
            }
            GC.KeepAlive(source);
            if (!ReferenceEquals(source, this))
                source.Discard();
        }

        /// <summary>Fills the tensor with elements in row-major order.</summary>
        /// <exception cref="EndOfStreamException">The stream holds fewer.</exception>
        public unsafe void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            using var target = empty(shape, dtype, CPU).AsTemporary();
            long left = target.numel() * target.ElementSize;
            byte* to = target.Data;
            for (int count; left > 0; left -= count, to += count)
            {
                count = (int)Math.Min(left, Math.Max(bufferSize, 1 << 20));
                stream.ReadExactly(new Span<byte>(to, count));
            }
            using (no_grad())
                copy_(target);
        }
    }
}
