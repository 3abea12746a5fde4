package dev.serai.batch.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that nobody but their owner can read, from their beginning. Stateless. */
public final class PrivateFile {
    private static final Logger LOG = LoggerFactory.getLogger(PrivateFile.class);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private PrivateFile() {}

    /**
     * Creates a file.
     *
     * @throws IOException with a message for the user, if it is there already or cannot be made
     */
    static FileChannel create(Path file) throws IOException {
        boolean isPosix = file.toAbsolutePath()
                .getFileSystem()
                .supportedFileAttributeViews()
                .contains("posix");
        FileAttribute<?>[] attributes = isPosix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        try {
            return FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                    attributes);
        } catch (FileAlreadyExistsException e) {
            throw new UnfitFileException(file + " is there already: name another", e);
        } catch (NoSuchFileException e) {
            throw new UnfitFileException(file + " cannot be made: its folder is not there", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * Opens a file that is there, takes from others what they may do with it, and locks it.
     *
     * @throws IOException with a message for the user, if that cannot be done
     */
    static FileChannel open(Path file) throws IOException {
        FileChannel channel;
        if (Files.isDirectory(file)) {
            throw new UnfitFileException(file + " is a folder: name a file");
        }
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException(file + " cannot be written to: " + e.getMessage(), e);
        }
        try {
            lock(file, channel);
            PosixFileAttributeView owner = Files.getFileAttributeView(file, PosixFileAttributeView.class);
            if (owner != null && !owner.readAttributes().permissions().equals(OWNER_ONLY)) {
                owner.setPermissions(OWNER_ONLY);
            }
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Locks it until it is closed; where the file system has no locks, says so in the log.
     *
     * @throws IOException with a message for the user, if another command has it
     */
    static void lock(Path file, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) {
            LOG.warn("{} cannot be locked here: see that no other command writes it, too ({})", file, e.getMessage());
            return;
        }
        if (lock == null) {
            throw new IOException(file + " is written by another command: let it end, or name another file");
        }
    }

    /**
     * That a file can be made later.
     *
     * @throws IOException with a message for the user, if it is there already, or its folder is not
     */
    public static void requireNew(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new UnfitFileException(file + " is there already: name another");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new UnfitFileException(file + " cannot be made: its folder is not there, or may not be written to");
        }
    }
}
