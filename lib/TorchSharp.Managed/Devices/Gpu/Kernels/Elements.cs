using ILGPU;

namespace TorchSharp.Gpu;

/// <summary>How kernels compute with an element type: widened to <typeparamref name="TWide"/>, and rounded or cut once at the end.</summary>
internal interface IElement<T, TWide> where T : unmanaged where TWide : unmanaged
{
    static abstract TWide Widen(T value);

    static abstract T Narrow(TWide value);
}

/// <summary>A floating-point type, and its exponential in its own precision, which devices compute faster.</summary>
internal interface IReal<T> : IElement<T, double> where T : unmanaged
{
    static abstract double Exp(double value);
}

/// <summary>The element types. Sums of floats are carried in double precision, integers in 64 bits.</summary>
internal static class Element
{
    internal struct Float32 : IReal<float>
    {
        public static double Widen(float value) => value;

        public static float Narrow(double value) => (float)value;

        public static double Exp(double value) => MathF.Exp((float)value);
    }

    internal struct Float64 : IReal<double>
    {
        public static double Widen(double value) => value;

        public static double Narrow(double value) => value;

        public static double Exp(double value) => Math.Exp(value);
    }

    /// <summary>1 sign, 5 bits of exponent, 10 of fraction: by arithmetic on bits, because not every device has the type.</summary>
    internal struct Float16 : IElement<short, double>
    {
        public static double Widen(short bits)
        {
            int exponent = bits >> 10 & 31, fraction = bits & 1023;
            double magnitude = exponent == 31 ? (fraction != 0 ? double.NaN : double.PositiveInfinity)
                : exponent == 0 ? fraction * PowerOfTwo(-24) : (1024 + fraction) * PowerOfTwo(exponent - 25);
            return bits < 0 ? -magnitude : magnitude;
        }

        /// <summary>To the nearest, halves to the even one; from halfway between the largest and 2¹⁶ on infinite.</summary>
        public static short Narrow(double value)
        {
            int sign = Interop.FloatAsInt(value) >> 63 != 0 ? -32768 : 0;
            if (double.IsNaN(value))
                return (short)(sign | 0x7E00);
            double magnitude = Math.Abs(value);
            if (magnitude >= 65520)
                return (short)(sign | 0x7C00);
            // What is carried beyond the fraction counts the exponent up, as it should.
            if (magnitude < PowerOfTwo(-14))
                return (short)(sign | (int)UnaryFunctions.Round.Of(magnitude * PowerOfTwo(24)));
            int exponent = (int)(Interop.FloatAsInt(magnitude) >> 52) - 1023;
            return (short)(sign | (exponent + 14 << 10) + (int)UnaryFunctions.Round.Of(magnitude * PowerOfTwo(10 - exponent)));
        }

        private static double PowerOfTwo(int k) => Interop.IntAsFloat((ulong)(k + 1023) << 52);
    }

    /// <summary>The upper half of a Float32.</summary>
    internal struct BFloat16 : IElement<short, double>
    {
        public static double Widen(short bits) => Interop.IntAsFloat((uint)(ushort)bits << 16);

        public static short Narrow(double value)
        {
            if (double.IsNaN(value))
                return 0x7FC0;
            uint bits = Interop.FloatAsInt((float)value);
            return (short)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
        }
    }

    internal struct Byte : IElement<byte, long>
    {
        public static long Widen(byte value) => value;

        public static byte Narrow(long value) => (byte)value;
    }

    internal struct Int8 : IElement<sbyte, long>
    {
        public static long Widen(sbyte value) => value;

        public static sbyte Narrow(long value) => (sbyte)value;
    }

    internal struct Int16 : IElement<short, long>
    {
        public static long Widen(short value) => value;

        public static short Narrow(long value) => (short)value;
    }

    internal struct Int32 : IElement<int, long>
    {
        public static long Widen(int value) => value;

        public static int Narrow(long value) => (int)value;
    }

    internal struct Int64 : IElement<long, long>
    {
        public static long Widen(long value) => value;

        public static long Narrow(long value) => value;
    }

    /// <summary>A truth value is a byte, 0 or 1.</summary>
    internal struct Bool : IElement<byte, long>
    {
        public static long Widen(byte value) => value != 0 ? 1 : 0;

        public static byte Narrow(long value) => (byte)(value != 0 ? 1 : 0);
    }
}

/// <summary>A type that is its own wide one: what lies between two passes.</summary>
internal struct Same<T> : IElement<T, T> where T : unmanaged
{
    public static T Widen(T value) => value;

    public static T Narrow(T value) => value;
}
