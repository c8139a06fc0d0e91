using System.Text.Json;
using System.Text.Json.Nodes;

namespace Course.Kernel.Session.Protocol;

/// <summary>
/// Messages as bytes, field by field. Both sides are the same build, so there are no versions; and nothing is found by
/// reflection, which would cost each start of a session more than its first cell.
/// </summary>
static class MessageCodec
{
    public static byte[] Encode(Message message)
    {
        using var bytes = new MemoryStream();
        using (var to = new BinaryWriter(bytes))
            Write(to, message);
        return bytes.ToArray();
    }

    /// <exception cref="EndOfStreamException">The bytes are no message.</exception>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public static Message Decode(byte[] bytes) => Read(new BinaryReader(new MemoryStream(bytes)));

    static void Write(BinaryWriter to, Message message)
    {
        switch (message)
        {
            case Hello hello:
                to.Write((byte)1);
                to.Write(hello.ProcessId);
                break;
            case Output output:
                to.Write((byte)2);
                to.Write(output.Mark);
                Write(to, output.Content);
                break;
            case Done done:
                to.Write((byte)3);
                to.Write(done.Id);
                to.Write((byte)done.Status);
                to.Write(done.Seconds);
                to.Write(done.Mark);
                to.Write(done.Error is not null);
                if (done.Error is not null)
                    Write(to, done.Error);
                break;
            case Whereabouts where:
                to.Write((byte)4);
                to.Write(where.Id);
                to.Write(where.Line);
                break;
            case Completed completed:
                to.Write((byte)5);
                to.Write(completed.Id);
                to.Write(completed.Completions.Start);
                to.Write(completed.Completions.End);
                to.Write(completed.Completions.Items.Count);
                foreach (var item in completed.Completions.Items)
                {
                    to.Write(item.Text);
                    to.Write(item.Kind);
                    WriteOptional(to, item.Signature);
                }
                break;
            case Inspected inspected:
                to.Write((byte)6);
                to.Write(inspected.Id);
                WriteOptional(to, inspected.Inspection?.PlainText);
                WriteOptional(to, inspected.Inspection?.Markdown);
                break;
            case CompletenessKnown known:
                to.Write((byte)7);
                to.Write(known.Id);
                to.Write((byte)known.Completeness);
                break;
            case NeedInput need:
                to.Write((byte)8);
                to.Write(need.Prompt);
                to.Write(need.IsPassword);
                to.Write(need.Mark);
                break;
            case Execute execute:
                to.Write((byte)9);
                to.Write(execute.Id);
                to.Write(execute.Request.Code);
                to.Write(execute.Request.Name);
                to.Write(execute.Request.Language);
                to.Write(execute.Request.AllowInput);
                break;
            case Interrupt interrupt:
                to.Write((byte)10);
                to.Write(interrupt.Id);
                break;
            case Complete complete:
                to.Write((byte)11);
                to.Write(complete.Id);
                to.Write(complete.Code);
                to.Write(complete.Position);
                break;
            case Inspect inspect:
                to.Write((byte)12);
                to.Write(inspect.Id);
                to.Write(inspect.Code);
                to.Write(inspect.Position);
                break;
            case IsComplete isComplete:
                to.Write((byte)13);
                to.Write(isComplete.Id);
                to.Write(isComplete.Code);
                break;
            case Input input:
                to.Write((byte)14);
                WriteOptional(to, input.Text);
                break;
            case Warm:
                to.Write((byte)15);
                break;
            default:
                throw new InvalidDataException($"{message.GetType()} has no form on the wire");
        }
    }

    static Message Read(BinaryReader from)
    {
        switch (from.ReadByte())
        {
            case 1:
                return new Hello(from.ReadInt32());
            case 2:
                var mark = from.ReadInt64();
                return new Output(ReadOutput(from), mark);
            case 3:
                var (id, status, seconds, end) = (from.ReadInt32(), (CellStatus)from.ReadByte(), from.ReadDouble(), from.ReadInt64());
                return new Done(id, status, from.ReadBoolean() ? (ErrorOutput)ReadOutput(from) : null, seconds, end);
            case 4:
                return new Whereabouts(from.ReadInt32(), from.ReadInt32());
            case 5:
                var (question, first, last) = (from.ReadInt32(), from.ReadInt32(), from.ReadInt32());
                var items = new Completion[from.ReadInt32()];
                for (var i = 0; i < items.Length; i++)
                    items[i] = new(from.ReadString(), from.ReadString(), ReadOptional(from));
                return new Completed(question, new(first, last, items));
            case 6:
                return new Inspected(from.ReadInt32(), (ReadOptional(from), ReadOptional(from)) is ({ } plain, { } markdown) ? new(plain, markdown) : null);
            case 7:
                return new CompletenessKnown(from.ReadInt32(), (Completeness)from.ReadByte());
            case 8:
                return new NeedInput(from.ReadString(), from.ReadBoolean(), from.ReadInt64());
            case 9:
                return new Execute(from.ReadInt32(), new(from.ReadString(), from.ReadString(), from.ReadString(), from.ReadBoolean()));
            case 10:
                return new Interrupt(from.ReadInt32());
            case 11:
                return new Complete(from.ReadInt32(), from.ReadString(), from.ReadInt32());
            case 12:
                return new Inspect(from.ReadInt32(), from.ReadString(), from.ReadInt32());
            case 13:
                return new IsComplete(from.ReadInt32(), from.ReadString());
            case 14:
                return new Input(ReadOptional(from));
            case 15:
                return new Warm();
            case var kind:
                throw new InvalidDataException($"there is no message of kind {kind}");
        }
    }

    static void Write(BinaryWriter to, CellOutput output)
    {
        switch (output)
        {
            case StreamOutput stream:
                to.Write((byte)1);
                to.Write(stream.Name);
                to.Write(stream.Text);
                break;
            case DisplayData display:
                to.Write((byte)2);
                WriteJson(to, display.Data);
                WriteJson(to, display.Metadata);
                WriteOptional(to, display.DisplayId);
                break;
            case UpdateDisplay update:
                to.Write((byte)3);
                WriteJson(to, update.Data);
                WriteJson(to, update.Metadata);
                to.Write(update.DisplayId);
                break;
            case ExecuteResult result:
                to.Write((byte)4);
                WriteJson(to, result.Data);
                WriteJson(to, result.Metadata);
                break;
            case ErrorOutput error:
                to.Write((byte)5);
                to.Write(error.Name);
                to.Write(error.Message);
                to.Write(error.Line ?? 0);
                to.Write(error.Traceback.Count);
                foreach (var line in error.Traceback)
                    to.Write(line);
                break;
            case ClearOutput clear:
                to.Write((byte)6);
                to.Write(clear.Wait);
                break;
            default:
                throw new InvalidDataException($"{output.GetType()} has no form on the wire");
        }
    }

    static CellOutput ReadOutput(BinaryReader from)
    {
        switch (from.ReadByte())
        {
            case 1:
                return new StreamOutput(from.ReadString(), from.ReadString());
            case 2:
                return new DisplayData(ReadJson(from), ReadJson(from), ReadOptional(from));
            case 3:
                return new UpdateDisplay(ReadJson(from), ReadJson(from), from.ReadString());
            case 4:
                return new ExecuteResult(ReadJson(from), ReadJson(from));
            case 5:
                var (name, message, line) = (from.ReadString(), from.ReadString(), from.ReadInt32());
                var traceback = new string[from.ReadInt32()];
                for (var i = 0; i < traceback.Length; i++)
                    traceback[i] = from.ReadString();
                return new ErrorOutput(name, message, traceback, line == 0 ? null : line);
            case 6:
                return new ClearOutput(from.ReadBoolean());
            case var kind:
                throw new InvalidDataException($"there is no output of kind {kind}");
        }
    }

    static void WriteOptional(BinaryWriter to, string? text)
    {
        to.Write(text is not null);
        if (text is not null)
            to.Write(text);
    }

    static string? ReadOptional(BinaryReader from) => from.ReadBoolean() ? from.ReadString() : null;

    /// <summary>Text as it stands: a figure of a megabyte need not be escaped.</summary>
    static void WriteJson(BinaryWriter to, JsonObject json)
    {
        to.Write(json.Count);
        foreach (var (name, value) in json)
        {
            var text = value?.GetValueKind() == JsonValueKind.String;
            to.Write(name);
            to.Write(text);
            to.Write(text ? value!.GetValue<string>() : value?.ToJsonString() ?? "null");
        }
    }

    static JsonObject ReadJson(BinaryReader from)
    {
        var json = new JsonObject();
        for (var left = from.ReadInt32(); left > 0; left--)
        {
            var (name, text, value) = (from.ReadString(), from.ReadBoolean(), from.ReadString());
            json[name] = text ? value : JsonNode.Parse(value);
        }
        return json;
    }
}
