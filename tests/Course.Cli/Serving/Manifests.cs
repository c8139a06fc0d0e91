using Course.Base;
using k8s;
using k8s.Models;

namespace Course.Cli.Tests.Serving;

/// <summary>The manifests of lib/Course.Serving/Deploy as objects of the Kubernetes API; a field that the API lacks is an error.</summary>
internal static class Manifests
{
    private static readonly Dictionary<string, Type> OwnTypes = new() { ["serving.kserve.io/v1beta1/InferenceService"] = typeof(InferenceService) };

    public static string Folder { get; } = Path.Combine(Checkout.Above(AppContext.BaseDirectory)!, "lib", "Course.Serving", "Deploy");

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name));

    public static List<object> Parse(string text) => KubernetesYaml.LoadAllFromString(text, OwnTypes, strict: true);

    public static T Only<T>(this IEnumerable<object> all) => Assert.Single(all.OfType<T>());
}

/// <summary>
/// KServe's InferenceService, serving.kserve.io/v1beta1, as its "Control Plane API" reference describes it
/// (https://kserve.github.io/website/latest/reference/api): the predictor has the fields of a pod's specification and of
/// ComponentExtensionSpec. Of the ready-made runtimes that it may name instead of a container none is used here.
/// </summary>
internal sealed class InferenceService
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta? Metadata { get; set; }

    public InferenceServiceSpec? Spec { get; set; }
}

internal sealed class InferenceServiceSpec
{
    public PredictorSpec? Predictor { get; set; }
}

internal sealed class PredictorSpec
{
    public int? MinReplicas { get; set; }

    public int? MaxReplicas { get; set; }

    public int? ScaleTarget { get; set; }

    public string? ScaleMetric { get; set; }

    public long? ContainerConcurrency { get; set; }

    public long? Timeout { get; set; }

    public long? CanaryTrafficPercent { get; set; }

    /// <summary>A pod's own fields stand among KServe's.</summary>
    public V1PodSecurityContext? SecurityContext { get; set; }

    public IList<V1Container>? Containers { get; set; }

    public IList<V1Volume>? Volumes { get; set; }

    public string? ServiceAccountName { get; set; }
}
