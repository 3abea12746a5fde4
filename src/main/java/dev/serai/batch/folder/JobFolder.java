package dev.serai.batch.folder;

import dev.serai.batch.JobTopics;
import dev.serai.wire.Digests;
import dev.serai.wire.event.StartEventDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Map;

/**
 * Where files come from and results go, and what their jobs are made with. Immutable.
 *
 * <p>A file is in the inbox until all its rows are uploaded, then in {@code accepted} below it while the job runs, and in
 * {@code done} when its results are in the outbox; or in {@code rejected} if nothing was sent. From the second on its name
 * begins with the job's id, which follows from its name, its time and its bytes: whatever ends the process, the same file goes on
 * with the same job.
 *
 * @param inbox where files are put
 * @param outbox where results appear
 * @param kafka for all clients
 * @param partitions of the topics of jobs, if they are to be created
 * @param createTopics whether they may be
 * @param decoder as the service's
 */
public record JobFolder(
        Path inbox,
        Path outbox,
        Map<String, Object> kafka,
        JobTopics topics,
        int partitions,
        boolean createTopics,
        String startTopic,
        String replyTopic,
        StartEventDecoder decoder,
        InstantSource clock) {
    static final String ACCEPTED = "accepted";
    static final String REJECTED = "rejected";
    static final String DONE = "done";

    private static final String ID = "folder-";
    private static final int ID_DIGITS = 24;
    private static final char AFTER_ID = '_';

    public JobFolder {
        kafka = Map.copyOf(kafka);
    }

    /** The job of a file, the same as long as neither its name, its time nor its bytes change. */
    static String jobOf(Path file) throws IOException {
        MessageDigest sha = Digests.sha256();
        String name =
                file.getFileName() + "\n" + Files.getLastModifiedTime(file).toMillis() + "\n";
        sha.update(name.getBytes(StandardCharsets.UTF_8));
        byte[] buffer = new byte[1 << 16];
        try (var bytes = Files.newInputStream(file)) {
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                sha.update(buffer, 0, read);
            }
        }
        return ID + Digests.text(sha).substring(0, ID_DIGITS);
    }

    /** The name of a file whose job is known. */
    static String nameWithJob(String job, String name) {
        return job + AFTER_ID + name;
    }

    /**
     * Makes the outbox where there is none.
     *
     * @throws IOException if it cannot be made, or is the inbox by another name: then results would become jobs
     */
    void makeOutbox() throws IOException {
        Files.createDirectories(outbox);
        if (Files.exists(inbox) && Files.isSameFile(inbox, outbox)) {
            throw new IOException("serai.provision.inbox and serai.provision.outbox are one folder, "
                    + inbox.toRealPath() + ": name another one in one of them");
        }
    }

    /** A file in one of the folders below the inbox. */
    Path below(String folder, String job, String name) {
        return inbox.resolve(folder).resolve(nameWithJob(job, name));
    }

    /** Which job such a file is of; empty if of none. */
    static String jobOfName(String nameWithJob) {
        int end = nameWithJob.indexOf(AFTER_ID);
        return nameWithJob.startsWith(ID) && end > 0 ? nameWithJob.substring(0, end) : "";
    }

    /** The name that it had in the inbox. */
    static String nameOf(String nameWithJob) {
        return nameWithJob.substring(nameWithJob.indexOf(AFTER_ID) + 1);
    }

    /**
     * A file of results: such as {@code learners.folder-0123456789abcdef01234567.results.csv} of {@code learners.csv}.
     *
     * @param what of the job it has
     */
    Path out(String job, String name, String what) {
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        return outbox.resolve(stem + "." + job + "." + what + (dot < 0 ? "" : name.substring(dot)));
    }
}
