using System.Reflection;
using ILGPU;
using TorchSharp.Gpu;

namespace TorchSharp.Managed.Tests.Gpu;

/// <summary>The kernels of the devices, each over the types that it is launched with.</summary>
internal static class PtxKernels
{
    private static readonly (Type Type, Type Element)[] Reals = [(typeof(float), typeof(Element.Float32)), (typeof(double), typeof(Element.Float64))];

    private static readonly (Type Type, Type Element)[] Halves = [(typeof(short), typeof(Element.Float16)), (typeof(short), typeof(Element.BFloat16))];

    private static readonly (Type Type, Type Element)[] Integers =
    [
        (typeof(byte), typeof(Element.Byte)), (typeof(sbyte), typeof(Element.Int8)), (typeof(short), typeof(Element.Int16)), (typeof(int), typeof(Element.Int32)), (typeof(long), typeof(Element.Int64)),
    ];

    private static readonly (Type Type, Type Element) Truth = (typeof(byte), typeof(Element.Bool));

    /// <summary>Found by what every kernel is: a method without a result, of a static class, that takes a view of a device's memory. ILGPU cannot launch a private one.</summary>
    internal static IEnumerable<MethodInfo> Definitions => typeof(GpuDevice).Assembly.GetTypes().Where(type => type is { Namespace: "TorchSharp.Gpu", IsAbstract: true, IsSealed: true })
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(method => method.IsAssembly && method.ReturnType == typeof(void)
            && method.GetParameters().Any(parameter => parameter.ParameterType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ArrayView<>)));

    internal static IEnumerable<MethodInfo> All => Definitions.SelectMany(Of);

    private static IEnumerable<MethodInfo> Of(MethodInfo kernel)
    {
        if (!kernel.IsGenericMethodDefinition)
            return [kernel];
        var parameters = kernel.GetGenericArguments();
        return Arguments(kernel, string.Join(' ', parameters.Select(parameter => parameter.Name)), Integers.Any(item => Satisfies(parameters, item))).Select(arguments => kernel.MakeGenericMethod(arguments));
    }

    /// <summary>Whether the second parameter takes elements whose wide type is a long.</summary>
    private static bool Satisfies(Type[] parameters, (Type Type, Type Element) item) => parameters.Length > 1
        && parameters[1].GetGenericParameterConstraints().Any(constraint => constraint.Name == "IElement`2" && constraint.GetGenericArguments()[1] == item.Element.GetInterface("IElement`2")!.GetGenericArguments()[1]);

    private static IEnumerable<Type[]> Arguments(MethodInfo kernel, string names, bool isInteger)
    {
        var elements = isInteger ? Integers : Reals;
        Type Last() => kernel.GetGenericArguments().Single(parameter => parameter.Name == "TFunction");
        switch (names)
        {
            case "T" when kernel.GetGenericArguments()[0].GetGenericParameterConstraints().Any(constraint => constraint.Name == "INumber`1"):
                return Reals.Select(real => new[] { real.Type });
            case "T":
                return new[] { typeof(byte), typeof(short), typeof(int), typeof(long) }.Select(type => new[] { type });
            case "T TReal":
                return Reals.Select(real => new[] { real.Type, real.Element });
            case "T TElement":
                return elements.Select(item => new[] { item.Type, item.Element });
            case "T TAdder":
                return typeof(Adders).GetNestedTypes(BindingFlags.NonPublic).Select(adder => new[] { adder.GetInterfaces().Single().GetGenericArguments()[0], adder });
            case "T TKey":
                return [.. Reals.Select(real => new[] { real.Type, typeof(RealKey<,>).MakeGenericType(real.Type, real.Element) }), .. Integers.Select(item => new[] { item.Type, typeof(IntegerKey<,>).MakeGenericType(item.Type, item.Element) })];
            case "TFunction":
                return Functions(Last()).Select(function => new[] { function });
            case "TFunction TPlaces":
                return from function in Functions(Last()) from places in Places select new[] { function, places };
            case "T TElement TFunction":
                return from item in Integers from function in Functions(Last()) select new[] { item.Type, item.Element, function };
            case "T TElement TFunction TPlaces":
                return from item in Integers from function in Functions(Last()) select new[] { item.Type, item.Element, function, typeof(WalkStrides) };
            case "T TElement TPlaces":
                return from item in elements from places in Places select new[] { item.Type, item.Element, places };
            case "TX EX":
                return Reals.Concat(Halves).Select(item => new[] { item.Type, item.Element });
            case "TX TY EX EY":
                (Type, Type)[] from_ = kernel.Name.StartsWith("Integer", StringComparison.Ordinal) ? [.. Integers, Truth] : [.. Reals, .. Halves], to = kernel.Name.EndsWith("Integer", StringComparison.Ordinal) ? [.. Integers, Truth] : [.. Reals, .. Halves];
                return from x in from_ from y in to select new[] { x.Item1, y.Item1, x.Item2, y.Item2 };
            case "TWide TFold":
                return new[] { typeof(double), typeof(long) }.SelectMany(wide => Folds(wide).Select(fold => new[] { wide, fold }));
            case "T TElement TOut TOutElement TWide TFold":
                return Reals.SelectMany(real => Folding(real, (typeof(double), typeof(Element.Float64)))).Concat(Integers.Append(Truth).SelectMany(item => Folding(item, (typeof(long), typeof(Element.Int64)))));
            case "T TTarget":
                return Products.Select(product => new[] { product[0], product[3] });
            case "T TLeft TRight TTarget":
                return Products;
            case "T TLeft TRight TTarget TTile":
                return from product in Products from tile in new[] { typeof(Tile.Medium), typeof(Tile.Large) } select (Type[])[.. product, tile];
            default:
                throw new InvalidOperationException($"with which types is {kernel.DeclaringType!.Name}.{kernel.Name} launched? Say so here.");
        }
    }

    private static readonly Type[] Places = [typeof(RowStrides), typeof(WalkStrides)];

    /// <summary>In one pass, and in two with a wide number between them.</summary>
    private static IEnumerable<Type[]> Folding((Type Type, Type Element) item, (Type Type, Type Element) wide) => Folds(wide.Type).SelectMany(fold => new Type[][]
    {
        [item.Type, item.Element, item.Type, item.Element, wide.Type, fold], [item.Type, item.Element, wide.Type, wide.Element, wide.Type, fold], [item.Type, item.Element, wide.Type, typeof(Same<>).MakeGenericType(wide.Type), wide.Type, fold],
    });

    private static IEnumerable<Type> Folds(Type wide) => typeof(TorchSharp.Gpu.Folds).GetNestedTypes(BindingFlags.NonPublic).Where(fold => fold.IsAssignableTo(typeof(IFold<>).MakeGenericType(wide)));

    /// <summary>A type, a left and a right matrix, and a target: products, convolutions, their gradients, and what is added up afterwards.</summary>
    private static readonly Type[][] Products =
    [
        .. new[] { typeof(float), typeof(double), typeof(int), typeof(long) }.SelectMany(type => Over(type, (typeof(StridedSource<>), typeof(StridedSource<>), typeof(StridedTarget<>)))),
        .. new[] { typeof(float), typeof(double) }.SelectMany(type => Over(type,
            (typeof(WeightSource<>), typeof(PatchSource<>), typeof(ImageTarget<>)), (typeof(WeightSource<>), typeof(PatchSource<>), typeof(StridedTarget<>)),
            (typeof(TransposedWeightSource<>), typeof(GatherSource<>), typeof(ImageTarget<>)), (typeof(TransposedWeightSource<>), typeof(GatherSource<>), typeof(StridedTarget<>)),
            (typeof(OutputSource<>), typeof(PatchSource<>), typeof(StridedTarget<>)),
            // Where the processor is a CPU.
            (typeof(PeriodicSource<>), typeof(RowSource<>), typeof(BlockTarget<>)))),
    ];

    private static IEnumerable<Type[]> Over(Type type, params (Type Left, Type Right, Type Target)[] matrices) =>
        matrices.Select(item => new[] { type, item.Left.MakeGenericType(type), item.Right.MakeGenericType(type), item.Target.MakeGenericType(type) });

    private static IEnumerable<Type> Functions(Type parameter)
    {
        var wanted = parameter.GetGenericParameterConstraints().Single(constraint => constraint.Namespace == "TorchSharp.Gpu");
        foreach (var function in typeof(UnaryFunctions).GetNestedTypes(BindingFlags.NonPublic).Concat(typeof(BinaryFunctions).GetNestedTypes(BindingFlags.NonPublic)))
            if (function.IsAssignableTo(wanted))
                yield return function;
            else if (wanted == typeof(IUnary) && function.IsAssignableTo(typeof(IWideUnary)))
                yield return typeof(Wide<>).MakeGenericType(function);
    }
}
