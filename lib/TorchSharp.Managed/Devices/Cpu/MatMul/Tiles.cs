namespace TorchSharp.Cpu;

/// <summary>The compiled tiles of one width and element type, by number of rows and of registers a row.</summary>
internal static unsafe class Tiles<L, V, T>
    where L : ILanes<V, T> where V : struct where T : unmanaged, System.Numerics.INumberBase<T>
{
    /// <summary>Rows of a tile at most; blocks of rows are balanced (10 = 5 + 5), so that no tile is nearly empty.</summary>
    public const int Rows = 6;
    public const int DotRows = 4;

    /// <summary>Registers a row: 4 where there are 32 registers (AVX-512, Arm64), else 2.</summary>
    public static int Columns => ManyRegisters ? 4 : 2;
    public static int DotColumns => ManyRegisters ? 4 : 3;

    private static bool ManyRegisters =>
        typeof(V) == typeof(System.Runtime.Intrinsics.Vector512<T>) || System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported;

    /// <summary>Registers a row for a tile of so few rows that a wider one still fits.</summary>
    public static int ColumnsFor(long rows) => ManyRegisters || rows < 3 ? 4 : rows == 3 ? 3 : 2;

    private static readonly nint[] RowsStrided = Products<S0, S0>(), ColumnsStrided = Products<S1, S0>(), RowsIndexed = Products<S0, S1>(), ColumnsIndexed = Products<S1, S1>();
    private static readonly nint[] DotProducts = [.. Dots<S1>(), .. Dots<S2>(), .. Dots<S3>(), .. Dots<S4>()];

    /// <summary><see cref="Tile.Run"/> with the rows of the right matrix a stride apart.</summary>
    /// <param name="columnsA">The left matrix has contiguous columns, not rows.</param>
    public static delegate*<nint, T*, nint, T*, nint, int*, T*, nint, TileStart, T*, void> Strided(int rows, int columns, bool columnsA) =>
        (delegate*<nint, T*, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)(columnsA ? ColumnsStrided : RowsStrided)[(rows - 1) * 4 + columns - 1];

    /// <summary><see cref="Tile.Run"/> with the rows of the right matrix where a table says.</summary>
    public static delegate*<nint, T*, nint, T*, nint, int*, T*, nint, TileStart, T*, void> Indexed(int rows, int columns, bool columnsA) =>
        (delegate*<nint, T*, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)(columnsA ? ColumnsIndexed : RowsIndexed)[(rows - 1) * 4 + columns - 1];

    public static delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void> Dot(int rows, int columns) =>
        (delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)DotProducts[(rows - 1) * 4 + columns - 1];

    private static nint[] Products<A, I>() where A : ISize where I : ISize =>
        [.. Products<S1, A, I>(), .. Products<S2, A, I>(), .. Products<S3, A, I>(), .. Products<S4, A, I>(), .. Products<S5, A, I>(), .. Products<S6, A, I>()];

    private static nint[] Products<R, A, I>() where R : ISize where A : ISize where I : ISize =>
        [Address(&Tile.Run<L, V, T, R, S1, A, I>), Address(&Tile.Run<L, V, T, R, S2, A, I>), Address(&Tile.Run<L, V, T, R, S3, A, I>), Address(&Tile.Run<L, V, T, R, S4, A, I>)];

    private static nint[] Dots<R>() where R : ISize =>
        [Address(&DotTile.Run<L, V, T, R, S1>), Address(&DotTile.Run<L, V, T, R, S2>), Address(&DotTile.Run<L, V, T, R, S3>), Address(&DotTile.Run<L, V, T, R, S4>)];

    private static nint Address(delegate*<nint, T*, nint, T*, nint, int*, T*, nint, TileStart, T*, void> product) => (nint)product;

    private static nint Address(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void> dot) => (nint)dot;
}

/// <summary>Splits a length into the fewest blocks of at most so many, as equal as can be; the larger blocks come first.</summary>
internal readonly struct Blocks
{
    public readonly int Count;
    private readonly int _size, _larger;

    public Blocks(long total, int most)
    {
        Count = (int)((total + most - 1) / most);
        if (Count == 0)
            return;
        _size = (int)(total / Count);
        _larger = (int)total - _size * Count;
    }

    /// <summary>First index of a block; the index behind the last block is the length.</summary>
    public int Start(int block) => block * _size + Math.Min(block, _larger);
}
