using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Hub.Store.Star;

/// <summary>Rows of a table with the columns of <c>fact_branch_report</c>, written as columns of the engine's own vectors: a country's month has 4.5 million of them, and a
/// call for each value would cost more than all else that is done with a report.</summary>
internal sealed unsafe class BranchReportAppender : IDisposable
{
    private const int VectorSize = 2048;
    private static readonly DuckDBType[] Columns = [DuckDBType.BigInt, DuckDBType.Integer, DuckDBType.UnsignedBigInt, DuckDBType.Integer];

    private readonly DuckDB.NET.Native.DuckDBAppender appender;
    private readonly DuckDBDataChunk chunk;
    private long* positions;
    private int* branchNumbers;
    private ulong* met;
    private int* notApplicableSets;
    private int rows;

    public BranchReportAppender(DuckDBConnection connection, string table)
    {
        if (NativeMethods.Appender.DuckDBAppenderCreate(connection.NativeConnection, null!, table, out appender) != DuckDBState.Success)
            throw new InvalidOperationException($"The star has no table {table}");
        var types = Columns.Select(NativeMethods.LogicalType.DuckDBCreateLogicalType).ToArray();
        chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk([.. types.Select(t => t.DangerousGetHandle())], (ulong)types.Length);
        foreach (var type in types) type.Dispose();
        Point();
    }

    /// <param name="sets">The numbers of the states' sets of items that are not applicable.</param>
    public void Append(long position, KeptStates states, ReadOnlySpan<int> sets)
    {
        for (var i = 0; i < states.Count; i++)
        {
            if (rows == VectorSize) Write();
            positions[rows] = position;
            branchNumbers[rows] = states.BranchNumbers[i];
            met[rows] = states.Met[i];
            notApplicableSets[rows++] = sets[i];
        }
    }

    /// <summary>Hands the last rows over. Without it they are lost.</summary>
    /// <exception cref="IOException">They cannot be taken.</exception>
    public void Flush()
    {
        if (rows > 0) Write();
        Check(NativeMethods.Appender.DuckDBAppenderFlush(appender));
    }

    public void Dispose()
    {
        chunk.Dispose();
        appender.Dispose();
    }

    private void Write()
    {
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(chunk, (ulong)rows);
        Check(NativeMethods.Appender.DuckDBAppendDataChunk(appender, chunk));
        NativeMethods.DataChunks.DuckDBDataChunkReset(chunk);
        rows = 0;
        Point();
    }

    private void Point()
    {
        positions = (long*)Vector(0);
        branchNumbers = (int*)Vector(1);
        met = (ulong*)Vector(2);
        notApplicableSets = (int*)Vector(3);
    }

    private void* Vector(int column) => NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.DataChunks.DuckDBDataChunkGetVector(chunk, column));

    private void Check(DuckDBState state)
    {
        if (state == DuckDBState.Success) return;
        using var error = NativeMethods.Appender.DuckDBAppenderErrorData(appender);
        throw new IOException(NativeMethods.ErrorData.DuckDBErrorDataMessage(error));
    }
}
