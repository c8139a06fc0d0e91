namespace Course;

/// <summary>
/// A small world for reinforcement learning, drawn as text: <c>S</c> start, <c>G</c> goal (+10, ends), <c>X</c> pit (−10, ends),
/// <c>#</c> wall, <c>.</c> floor. Every step costs 1. States are numbered row by row; actions are ↑ → ↓ ←.
/// </summary>
public sealed class GridWorld
{
    internal static readonly (int Row, int Column)[] Moves = [(-1, 0), (0, 1), (1, 0), (0, -1)];
    private readonly string[] _map;

    /// <param name="map">Rows of equal length with exactly one S and at least one G.</param>
    public GridWorld(params string[] map)
    {
        if (map.Length == 0 || map.Any(row => row.Length != map[0].Length || row.Length == 0))
            throw new ArgumentException("The rows of the map must be equally long and not empty.");
        string cells = string.Concat(map);
        if (cells.Count(cell => cell == 'S') != 1 || !cells.Contains('G') || cells.Any(cell => !"SGX#.".Contains(cell)))
            throw new ArgumentException("The map needs one S, at least one G, and beside them only X, # and '.'.");
        _map = map;
        Start = cells.IndexOf('S');
    }

    public const string Actions = "↑→↓←";

    public int Rows => _map.Length;

    public int Columns => _map[0].Length;

    public int States => Rows * Columns;

    public int Start { get; }

    /// <summary>What lies on a state: S, G, X, # or '.'.</summary>
    public char Cell(int state) => _map[state / Columns][state % Columns];

    /// <summary>Takes one step; a wall or the edge leaves the state as it is.</summary>
    public (int Next, double Reward, bool Done) Step(int state, int action)
    {
        int row = state / Columns + Moves[action].Row, column = state % Columns + Moves[action].Column;
        int next = row < 0 || row >= Rows || column < 0 || column >= Columns || _map[row][column] == '#' ? state : row * Columns + column;
        return Cell(next) switch
        {
            'G' => (next, 10, true),
            'X' => (next, -10, true),
            _ => (next, -1, false),
        };
    }

    /// <summary>The map with the chosen action drawn on every free cell.</summary>
    public string Draw(Func<int, int> policy) => string.Join('\n', Enumerable.Range(0, Rows).Select(row =>
        string.Join(' ', Enumerable.Range(row * Columns, Columns).Select(state => "#GX".Contains(Cell(state)) ? Cell(state) : Actions[policy(state)]))));

    /// <summary>Steps of the shortest way from the start to a goal around all pits (breadth-first search).</summary>
    /// <exception cref="InvalidOperationException">No goal can be reached.</exception>
    public int ShortestWay()
    {
        var distance = new Dictionary<int, int> { [Start] = 0 };
        for (var queue = new Queue<int>([Start]); queue.TryDequeue(out int state);)
        {
            if (Cell(state) == 'G')
                return distance[state];
            foreach (int next in Enumerable.Range(0, Actions.Length).Select(action => Step(state, action).Next))
            {
                if (Cell(next) != 'X' && distance.TryAdd(next, distance[state] + 1))
                    queue.Enqueue(next);
            }
        }
        throw new InvalidOperationException("No way leads from S to G.");
    }

    /// <summary>The sum of rewards and the states visited when <paramref name="policy"/> walks from the start.</summary>
    /// <param name="policy">The action for a state.</param>
    /// <param name="most">The walk is cut off after so many steps.</param>
    public (double Return, IReadOnlyList<int> Path) Walk(Func<int, int> policy, int most = 100)
    {
        var path = new List<int> { Start };
        double sum = 0;
        for (int step = 0; step < most; step++)
        {
            var (next, reward, done) = Step(path[^1], policy(path[^1]));
            path.Add(next);
            sum += reward;
            if (done)
                break;
        }
        return (sum, path);
    }
}
