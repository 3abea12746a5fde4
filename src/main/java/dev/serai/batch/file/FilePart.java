package dev.serai.batch.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The beginning of a file that is open and stays so, also when this is closed: to open it for a second time would take its lock
 * away when that is closed. Leaves the channel's position alone. For one thread.
 */
final class FilePart extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long at;

    /** @param end where the part ends */
    FilePart(FileChannel channel, long end) {
        this.channel = channel;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int wanted = (int) Math.min(length, end - at);
        if (wanted == 0) {
            return length == 0 ? 0 : -1;
        }
        int read = channel.read(ByteBuffer.wrap(bytes, offset, wanted), at);
        at += Math.max(0, read);
        return read;
    }
}
