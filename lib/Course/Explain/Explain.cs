using static TorchSharp.torch;

namespace Course;

/// <summary>Pictures of what a network looks at. Maps are rows of numbers as high and wide as the input.</summary>
public static class Explain
{
    /// <summary>|∂ logit / ∂ pixel|, the largest over the channels (Simonyan, Vedaldi, Zisserman 2014, section 3).</summary>
    /// <param name="model">Images to logits.</param>
    /// <param name="image">[1, channels, height, width].</param>
    public static double[,] Saliency(Func<Tensor, Tensor> model, Tensor image, int target)
    {
        using var scope = NewDisposeScope();
        var x = One(image).detach().clone().requires_grad_();
        var gradient = RecordedGradient.Of(model(x)[0, target], x);
        return Map(gradient[0].abs().amax([0]));
    }

    /// <summary>
    /// Grad-CAM: the feature maps, weighted by the mean gradient of the logit with respect to each, summed, positive
    /// part only, enlarged to the input (Selvaraju et al. 2017, equations 1 and 2).
    /// </summary>
    /// <param name="features">Images to feature maps [1, maps, h, w].</param>
    /// <param name="head">Feature maps to logits.</param>
    public static double[,] GradCam(Func<Tensor, Tensor> features, Func<Tensor, Tensor> head, Tensor image, int target)
    {
        using var scope = NewDisposeScope();
        var maps = features(One(image)).detach().requires_grad_();
        var gradient = RecordedGradient.Of(head(maps)[0, target], maps);
        var weights = gradient.mean([2, 3], keepdim: true);
        var cam = (weights * maps.detach()).sum(1).clamp(min: 0);
        return Enlarge(Map(cam[0]), (int)image.shape[^2], (int)image.shape[^1]);
    }

    /// <summary>How much the probability of the class falls when a square window over each place is blanked (Zeiler, Fergus 2014, section 4.2).</summary>
    /// <param name="fill">Value of a blank pixel.</param>
    public static double[,] Occlusion(Func<Tensor, Tensor> model, Tensor image, int target, int window = 5, float fill = 0)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var (height, width) = ((int)image.shape[^2], (int)image.shape[^1]);
        var covered = One(image).expand(height * width, -1, -1, -1).clone();
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int top = Math.Max(0, y - window / 2), bottom = Math.Min(height, y + window / 2 + 1);
                int left = Math.Max(0, x - window / 2), right = Math.Min(width, x + window / 2 + 1);
                covered.narrow(0, y * width + x, 1).narrow(2, top, bottom - top).narrow(3, left, right - left).fill_(fill);
            }
        var whole = model(One(image)).softmax(1)[0, target];
        return Map((whole - model(covered).softmax(1)[TensorIndex.Colon, target]).reshape(height, width));
    }

    /// <summary>The maps [1, n, h, w] of one layer as n pictures.</summary>
    public static double[][,] FeatureMaps(Tensor maps)
    {
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, (int)maps.shape[1]).Select(i => Map(maps[0, i].detach()))];
    }

    /// <summary>A matrix as rows of numbers.</summary>
    public static double[,] Map(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        double[] values = matrix.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
        var (height, width) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        double[,] map = new double[height, width];
        for (int i = 0; i < values.Length; i++)
            map[i / width, i % width] = values[i];
        return map;
    }

    /// <summary>Share of a map's total (of absolute values) that lies where <paramref name="mask"/> is set.</summary>
    public static double ShareInside(double[,] map, Func<int, int, bool> mask)
    {
        double inside = 0, total = 0;
        for (int y = 0; y < map.GetLength(0); y++)
            for (int x = 0; x < map.GetLength(1); x++)
            {
                double value = Math.Abs(map[y, x]);
                total += value;
                if (mask(y, x))
                    inside += value;
            }
        return total == 0 ? 0 : inside / total;
    }

    private static Tensor One(Tensor image) => image.dim() == 4 && image.shape[0] == 1 ? image
        : throw new ArgumentException($"Expected one image [1, channels, height, width], got [{string.Join(", ", image.shape)}].");

    // Linear interpolation, pixel centres aligned.
    private static double[,] Enlarge(double[,] map, int height, int width)
    {
        var (h, w) = (map.GetLength(0), map.GetLength(1));
        double[,] result = new double[height, width];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                var (u, v) = (Math.Clamp((x + 0.5) * w / width - 0.5, 0, w - 1), Math.Clamp((y + 0.5) * h / height - 0.5, 0, h - 1));
                var (left, top) = ((int)u, (int)v);
                var (right, bottom) = (Math.Min(left + 1, w - 1), Math.Min(top + 1, h - 1));
                var (s, t) = (u - left, v - top);
                result[y, x] = (map[top, left] * (1 - s) + map[top, right] * s) * (1 - t) + (map[bottom, left] * (1 - s) + map[bottom, right] * s) * t;
            }
        return result;
    }
}
