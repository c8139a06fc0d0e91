namespace Course.Session.Contract.Protocol;

/// <summary>
/// Messages as bytes, field by field. Both sides are the same build, so there are no versions; and nothing is found by
/// reflection, which would cost each start of a session more than its first cell.
/// </summary>
internal static class MessageCodec
{
    public static byte[] Encode(Message message)
    {
        using var bytes = new MemoryStream();
        using (var to = new BinaryWriter(bytes))
            Put(to, message);
        return bytes.ToArray();
    }

    /// <exception cref="EndOfStreamException">The bytes are no message.</exception>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public static Message Decode(byte[] bytes)
    {
        using var from = new BinaryReader(new MemoryStream(bytes));
        return Read(from);
    }

    private static BinaryWriter Put(BinaryWriter to, Message message) => message switch
    {
        Hello m => to.Kind(1).Put(m.ProcessId),
        Output m => Put(to.Kind(2).Put(m.Mark), m.Content),
        Done { Error: null } m => to.Kind(3).Put(m.Id).Put((byte)m.Status).Put(m.Seconds).Put(m.Mark).Put(false),
        Done m => Put(to.Kind(3).Put(m.Id).Put((byte)m.Status).Put(m.Seconds).Put(m.Mark).Put(true), m.Error),
        Whereabouts m => to.Kind(4).Put(m.Id).Put(m.Line),
        Completed { Completions: var found } m => to.Kind(5).Put(m.Id).Put(found.Start).Put(found.End).Put(found.Items, item => to.Put(item.Text).Put(item.Kind).PutOptional(item.Signature)),
        Inspected m => to.Kind(6).Put(m.Id).PutOptional(m.Inspection?.PlainText).PutOptional(m.Inspection?.Markdown),
        CompletenessKnown m => to.Kind(7).Put(m.Id).Put((byte)m.Completeness),
        NeedInput m => to.Kind(8).Put(m.Prompt).Put(m.IsPassword).Put(m.Mark),
        Execute { Request: var cell } m => to.Kind(9).Put(m.Id).Put(cell.Code).Put(cell.Name).Put(cell.Language).Put(cell.AllowInput),
        Interrupt m => to.Kind(10).Put(m.Id),
        Complete m => to.Kind(11).Put(m.Id).Put(m.Code).Put(m.Position),
        Inspect m => to.Kind(12).Put(m.Id).Put(m.Code).Put(m.Position),
        IsComplete m => to.Kind(13).Put(m.Id).Put(m.Code),
        Input m => to.Kind(14).Put(m.Mark).PutOptional(m.Text),
        Warm => to.Kind(15),
        _ => throw new InvalidDataException($"{message.GetType()} has no form on the wire"),
    };

    private static Message Read(BinaryReader from)
    {
        switch (from.ReadByte())
        {
            case 1:
                return new Hello(from.ReadInt32());
            case 2:
                long mark = from.ReadInt64();
                return new Output(ReadOutput(from), mark);
            case 3:
                var (id, status, seconds, end) = (from.ReadInt32(), (CellStatus)from.ReadByte(), from.ReadDouble(), from.ReadInt64());
                return new Done(id, status, from.ReadBoolean() ? (ErrorOutput)ReadOutput(from) : null, seconds, end);
            case 4:
                return new Whereabouts(from.ReadInt32(), from.ReadInt32());
            case 5:
                return new Completed(from.ReadInt32(), new(from.ReadInt32(), from.ReadInt32(), from.ReadList(() => new Completion(from.ReadString(), from.ReadString(), from.ReadOptional()))));
            case 6:
                return new Inspected(from.ReadInt32(), (from.ReadOptional(), from.ReadOptional()) is ({ } plain, { } markdown) ? new(plain, markdown) : null);
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
                return new Input(from.ReadInt64(), from.ReadOptional());
            case 15:
                return new Warm();
            case var kind:
                throw new InvalidDataException($"there is no message of kind {kind}");
        }
    }

    private static BinaryWriter Put(BinaryWriter to, CellOutput output) => output switch
    {
        StreamOutput o => to.Kind(1).Put(o.Name).Put(o.Text),
        DisplayData o => to.Kind(2).Put(o.Data).Put(o.Metadata).PutOptional(o.DisplayId),
        UpdateDisplay o => to.Kind(3).Put(o.Data).Put(o.Metadata).Put(o.DisplayId),
        ExecuteResult o => to.Kind(4).Put(o.Data).Put(o.Metadata),
        ErrorOutput o => to.Kind(5).Put(o.Name).Put(o.Message).Put(o.Line ?? 0).Put(o.Traceback, line => to.Put(line)),
        ClearOutput o => to.Kind(6).Put(o.Wait),
        _ => throw new InvalidDataException($"{output.GetType()} has no form on the wire"),
    };

    private static CellOutput ReadOutput(BinaryReader from)
    {
        switch (from.ReadByte())
        {
            case 1:
                return new StreamOutput(from.ReadString(), from.ReadString());
            case 2:
                return new DisplayData(from.ReadJson(), from.ReadJson(), from.ReadOptional());
            case 3:
                return new UpdateDisplay(from.ReadJson(), from.ReadJson(), from.ReadString());
            case 4:
                return new ExecuteResult(from.ReadJson(), from.ReadJson());
            case 5:
                var (name, message, line) = (from.ReadString(), from.ReadString(), from.ReadInt32());
                return new ErrorOutput(name, message, from.ReadList(from.ReadString), line == 0 ? null : line);
            case 6:
                return new ClearOutput(from.ReadBoolean());
            case var kind:
                throw new InvalidDataException($"there is no output of kind {kind}");
        }
    }
}
