namespace Course.Tests;

public sealed class DisplayTests
{
    [Fact]
    public void EveryDisplayableType_CarriesTheAttributeThatNotebooksLookFor()
    {
        var types = typeof(IDisplayable).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IDisplayable))).ToArray();
        Assert.NotEmpty(types);
        foreach (var type in types)
        {
            object attribute = Assert.Single(type.GetCustomAttributes(inherit: true), a => a.GetType().Name == "TypeFormatterSourceAttribute");
            string[] mimeTypes = (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!;
            Assert.True(mimeTypes.Contains("text/plain"), $"{type.Name} prefers {string.Join(", ", mimeTypes)}");
        }
    }

    [Fact]
    public void Formatters_FoundByNameAlone_WriteThePreferredMimeTypes()
    {
        object value = Table.Of([new { Name = "a", Value = 1.5 }], "two columns");
        object attribute = value.GetType().GetCustomAttributes(true).Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        var sourceType = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        object source = Activator.CreateInstance(sourceType)!;
        var formatters = (IEnumerable<object>)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(source, null)!;
        foreach (string mime in (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!)
        {
            object formatter = formatters.Single(f => (string)f.GetType().GetProperty("MimeType")!.GetValue(f)! == mime);
            var writer = new StringWriter();
            Assert.True((bool)formatter.GetType().GetMethod("Format")!.Invoke(formatter, [value, writer])!);
            Assert.Contains("1.5", writer.ToString());
        }
    }

    [Fact]
    public void Format_OfAForeignValue_IsRefusedWithoutWriting()
    {
        var writer = new StringWriter();
        Assert.False(new DisplayFormatter("text/html").Format("a string", writer));
        Assert.Equal("", writer.ToString());
    }
}
