using System.Buffers.Binary;

using TorchSharp.RandomStreams;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers, the same as PyTorch's CPU generator gives for the same seed.</summary>
    public class Generator : IDisposable
    {
        internal MersenneTwister Twister { get; }

        // Two threads that draw from one generator take turns; each call's numbers stay together.
        internal Lock Gate { get; } = new();

        public static Generator Default { get; } = new(67280421310721UL);

        public Generator(ulong seed = 0, Device? device = null)
        {
            _ = Place.Of(device);
            Twister = new MersenneTwister(seed == 0 && Default is not null ? 67280421310721UL : seed);
        }

        public Device device => CPU;

        public Generator manual_seed(long seed)
        {
            lock (Gate)
                Twister.Seed((ulong)seed);
            return this;
        }

        public long initial_seed() => (long)Twister.InitialSeed;

        /// <summary>Seeds from the operating system's randomness and returns the seed.</summary>
        public long seed()
        {
            Span<byte> bytes = stackalloc byte[8];
            System.Security.Cryptography.RandomNumberGenerator.Fill(bytes);
            long seed = BinaryPrimitives.ReadInt64LittleEndian(bytes) & long.MaxValue;
            manual_seed(seed);
            return seed;
        }

        /// <summary>What decides the numbers to come, as a tensor of bytes for <see cref="set_state"/>.</summary>
        public Tensor get_state()
        {
            lock (Gate)
            {
                var (state, position, cached, seed) = Twister.Save();
                byte[] bytes = new byte[4 * state.Length + 4 + 1 + 8 + 8];
                for (int i = 0; i < state.Length; i++)
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 * i), state[i]);
                var rest = bytes.AsSpan(4 * state.Length);
                BinaryPrimitives.WriteInt32LittleEndian(rest, position);
                rest[4] = cached is null ? (byte)0 : (byte)1;
                BinaryPrimitives.WriteDoubleLittleEndian(rest[5..], cached ?? 0);
                BinaryPrimitives.WriteUInt64LittleEndian(rest[13..], seed);
                return tensor(bytes);
            }
        }

        public void set_state(Tensor value)
        {
            byte[] bytes = value.data<byte>().ToArray();
            const int size = MersenneTwister.StateSize;
            if (bytes.Length != 4 * size + 21)
                throw new ArgumentException($"a generator's state has {4 * size + 21} bytes, got {bytes.Length}", nameof(value));
            uint[] state = new uint[size];
            for (int i = 0; i < size; i++)
                state[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i));
            var rest = bytes.AsSpan(4 * size);
            lock (Gate)
                Twister.Restore(state, BinaryPrimitives.ReadInt32LittleEndian(rest), rest[4] == 0 ? null : BinaryPrimitives.ReadDoubleLittleEndian(rest[5..]), BinaryPrimitives.ReadUInt64LittleEndian(rest[13..]));
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing) { }
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long initial_seed() => torch.initial_seed();

        public static long seed() => torch.seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }

    /// <summary>Starts the default stream and those of all devices anew: everything random that follows is decided by the seed.</summary>
    public static Generator manual_seed(long seed)
    {
        PhiloxStream.SeedAll((ulong)seed);
        return Generator.Default.manual_seed(seed);
    }

    public static long initial_seed() => Generator.Default.initial_seed();

    public static long seed() => Generator.Default.seed();

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);
}
