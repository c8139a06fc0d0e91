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

    private static readonly nint[] strided =
    [
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S1, S1, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S1, S2, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S1, S3, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S1, S4, S0>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S2, S1, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S2, S2, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S2, S3, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S2, S4, S0>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S3, S1, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S3, S2, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S3, S3, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S3, S4, S0>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S4, S1, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S4, S2, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S4, S3, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S4, S4, S0>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S5, S1, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S5, S2, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S5, S3, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S5, S4, S0>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S6, S1, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S6, S2, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S6, S3, S0>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S6, S4, S0>,
    ];

    private static readonly nint[] indexed =
    [
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S1, S1, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S1, S2, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S1, S3, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S1, S4, S1>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S2, S1, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S2, S2, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S2, S3, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S2, S4, S1>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S3, S1, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S3, S2, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S3, S3, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S3, S4, S1>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S4, S1, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S4, S2, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S4, S3, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S4, S4, S1>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S5, S1, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S5, S2, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S5, S3, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S5, S4, S1>,
        (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S6, S1, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S6, S2, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S6, S3, S1>, (nint)(delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)&Tile.Run<L, V, T, S6, S4, S1>,
    ];

    private static readonly nint[] dot =
    [
        (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S1, S1>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S1, S2>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S1, S3>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S1, S4>,
        (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S2, S1>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S2, S2>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S2, S3>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S2, S4>,
        (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S3, S1>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S3, S2>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S3, S3>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S3, S4>,
        (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S4, S1>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S4, S2>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S4, S3>, (nint)(delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)&DotTile.Run<L, V, T, S4, S4>,
    ];

    /// <summary><see cref="Tile.Run"/> with the rows of the right matrix a stride apart.</summary>
    public static delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void> Strided(int rows, int columns) => (delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)strided[(rows - 1) * 4 + columns - 1];

    /// <summary><see cref="Tile.Run"/> with the rows of the right matrix where a table says.</summary>
    public static delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void> Indexed(int rows, int columns) => (delegate*<nint, T*, nint, nint, T*, nint, int*, T*, nint, TileStart, T*, void>)indexed[(rows - 1) * 4 + columns - 1];

    public static delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void> Dot(int rows, int columns) => (delegate*<nint, nint, T*, nint, nint, T*, int*, nint, nint, T*, T*, nint, bool, void>)dot[(rows - 1) * 4 + columns - 1];
}

/// <summary>Splits a length into the fewest blocks of at most so many, as equal as can be; the larger blocks come first.</summary>
internal readonly struct Blocks
{
    public readonly int Count;
    private readonly int size, larger;

    public Blocks(long total, int most)
    {
        Count = (int)((total + most - 1) / most);
        if (Count == 0) return;
        size = (int)(total / Count);
        larger = (int)total - size * Count;
    }

    /// <summary>First index of a block; the index behind the last block is the length.</summary>
    public int Start(int block) => block * size + Math.Min(block, larger);
}
