package dev.serai.batch.folder;

import dev.serai.loop.BackgroundLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Collects the results of the accepted files, each on a thread of its own, at most {@value #MOST_AT_ONCE} at once: into a hidden
 * file in the outbox as answers come, which gets its name when the job is over. Then the file is done. While files wait for a
 * thread, those give way to them that had one for 30 s; whose last turn was the longest ago is next. After the end of the
 * process it goes on with what is there. Thread-safe.
 */
public final class FolderResults implements AutoCloseable {
    static final int MOST_AT_ONCE = 20;

    private static final Duration TURN = Duration.ofSeconds(30);
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final JobFolder folder;
    private final int mostAtOnce;
    private final Duration turn;
    private final Map<String, FileResults> files = new ConcurrentHashMap<>();
    private long turns;
    private volatile boolean closed;
    private volatile @Nullable BackgroundLoop loop;

    /** Starts nothing. */
    public FolderResults(JobFolder folder) {
        this(folder, MOST_AT_ONCE, TURN);
    }

    FolderResults(JobFolder folder, int mostAtOnce, Duration turn) {
        this.folder = folder;
        this.mostAtOnce = mostAtOnce;
        this.turn = turn;
    }

    /** Begins to collect; once. */
    public void start() {
        loop = BackgroundLoop.start("serai-folder-results", LOOK_INTERVAL, this::look);
    }

    private void look() throws IOException {
        Path accepted = folder.inbox().resolve(JobFolder.ACCEPTED);
        if (!Files.isDirectory(accepted)) {
            return;
        }
        Set<String> there;
        try (Stream<Path> listed = Files.list(accepted)) {
            there = listed.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> !JobFolder.jobOfName(name).isEmpty())
                    .collect(Collectors.toSet());
        }
        files.values().removeIf(file -> !there.contains(file.nameWithJob()) && !file.isServed());
        there.forEach(name ->
                files.computeIfAbsent(name, added -> new FileResults(folder, accepted.resolve(added), () -> closed)));
        serve();
    }

    private void serve() {
        List<FileResults> inTurn = files.values().stream()
                .sorted(Comparator.comparingLong(FileResults::turn).thenComparing(FileResults::nameWithJob))
                .toList();
        List<FileResults> served = inTurn.stream().filter(FileResults::isServed).toList();
        List<FileResults> waiting =
                inTurn.stream().filter(file -> !served.contains(file)).toList();
        int free = mostAtOnce - served.size();
        for (FileResults next : waiting.stream().limit(free).toList()) {
            if (closed) {
                return;
            }
            next.begin(++turns);
        }
        served.stream()
                .filter(file -> file.isServedFor(turn))
                .limit(Math.max(0, waiting.size() - free))
                .forEach(FileResults::giveWay);
    }

    /** What was written stays; within two seconds. */
    @Override
    public void close() {
        closed = true;
        BackgroundLoop looking = loop;
        if (looking != null) {
            looking.close();
        }
        long end = System.nanoTime() + CLOSE.toNanos();
        for (FileResults file : files.values()) {
            try {
                file.awaitEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
