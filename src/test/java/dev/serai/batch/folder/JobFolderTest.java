package dev.serai.batch.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.serai.batch.JobTopics;
import dev.serai.wire.event.SampleRules;
import dev.serai.wire.event.StartEventDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JobFolderTest {
    @TempDir
    Path directory;

    /** A link that was made after the start, when the settings could not show it. */
    @Test
    void outboxThatIsTheInbox_isRefused_howeverItIsCalled() throws Exception {
        Path inbox = Files.createDirectory(directory.resolve("in"));
        Path link = Files.createSymbolicLink(directory.resolve("out"), inbox);

        assertThatIOException()
                .isThrownBy(() -> folder(inbox, link).makeOutbox())
                .withMessageContaining(
                        "serai.provision.inbox and serai.provision.outbox are one folder, " + inbox.toRealPath());
    }

    @Test
    void outboxThatIsMissing_isMade() throws Exception {
        Path inbox = Files.createDirectory(directory.resolve("in"));
        Path outbox = directory.resolve("results").resolve("of-jobs");

        folder(inbox, outbox).makeOutbox();

        assertThat(outbox).isDirectory();
    }

    private static JobFolder folder(Path inbox, Path outbox) {
        var rules = new StartEventDecoder.Rules(null, SampleRules.deadlines(), 1_000, Set.of(), Set.of("default"));
        return new JobFolder(
                inbox,
                outbox,
                Map.of(),
                new JobTopics("jobs", "rows"),
                1,
                false,
                "start",
                "replies",
                new StartEventDecoder(rules, SampleRules.replyTopics("replies")),
                Clock.systemUTC());
    }
}
