using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Course.Serving;

/// <summary>What the description of the interface (OpenAPI) cannot know from types: that a picture is bytes, and what stands in the address.</summary>
internal static class InterfaceDescription
{
    public static Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        foreach (string name in new[] { "model", "version" }.Where(name => context.Description.RelativePath?.Contains($"{{{name}}}", StringComparison.Ordinal) == true))
        {
            operation.Parameters ??= [];
            if (operation.Parameters.All(parameter => parameter.Name != name))
                operation.Parameters.Add(new OpenApiParameter { Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        }
        bool pictures = false;
        foreach (var (type, content) in operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>())
        {
            if (!type.StartsWith("image/", StringComparison.Ordinal))
                continue;
            content.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
            pictures = true;
        }
        if (pictures)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "invert",
                In = ParameterLocation.Query,
                Description = "Of a picture only: its dark parts are the strokes.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) },
            });
        }
        return Task.CompletedTask;
    }
}
