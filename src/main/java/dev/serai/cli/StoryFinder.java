package dev.serai.cli;

import dev.serai.operate.explain.Deployment;
import dev.serai.operate.explain.EventReader;
import dev.serai.operate.explain.Investigation;
import dev.serai.operate.explain.Looked;
import dev.serai.operate.explain.Position;
import dev.serai.operate.explain.Question;
import dev.serai.operate.explain.ServiceSeen;
import dev.serai.operate.explain.Story;
import dev.serai.operate.explain.TimeLeft;
import dev.serai.service.EventRules;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.ReplyTopics;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Finds what {@code serai explain} tells, by the service's settings. Stateless. */
final class StoryFinder {
    private static final int MOST_HELD = 1_000;

    private StoryFinder() {}

    /**
     * What becomes known.
     *
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    static Story story(
            SeraiSettings settings,
            Map<String, Object> kafka,
            Question question,
            List<ServicePort> ports,
            Duration back,
            TimeLeft limit,
            Looked.Progress progress)
            throws InterruptedException {
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS);
        try (Investigation investigation =
                new Investigation(kafka, deployment(settings), now, since(now, back), limit, progress)) {
            return Story.of(investigation.look(question, (of, position) -> holding(ports, of, position)));
        }
    }

    /** Kafka knows no time before 1970. */
    private static Instant since(Instant now, Duration back) {
        return back.compareTo(Duration.between(Instant.EPOCH, now)) > 0 ? Instant.EPOCH : now.minus(back);
    }

    /** As a service with these settings would see it. Which tenants there are only the service knows. */
    private static Deployment deployment(SeraiSettings settings) {
        KafkaSettings kafka = settings.kafka();
        ReplyTopics replyTopics = EventRules.replyTopics(settings);
        Set<String> tenants = new HashSet<>(settings.tenants().keySet());
        tenants.add(StartConversation.DEFAULT_TENANT);
        Set<String> topics = new HashSet<>(replyTopics.allowed());
        topics.add(kafka.replyTopic());
        Map<String, String> intakes = new TreeMap<>();
        settings.intake().forEach((name, intake) -> intakes.put(name, intake.topic()));
        return new Deployment(
                kafka.startTopic(),
                kafka.replyTopic(),
                kafka.deadLetterTopic(),
                kafka.sessionTopic(),
                kafka.groupId(),
                topics,
                intakes,
                settings.connect().sessionIdle(),
                kafka.replyRetention(),
                new EventReader(
                        new EventPreviews(
                                EventRules.deadlines(settings),
                                tenants,
                                settings.conversation().defaultCharacterId()),
                        replyTopics));
    }

    private static List<ServiceSeen> holding(List<ServicePort> ports, @Nullable String key, @Nullable Position at)
            throws InterruptedException {
        String query = "limit=" + MOST_HELD + (key == null ? "" : "&key=" + encoded(key))
                + (at == null ? "" : "&record=" + encoded(at.toString()));
        List<ServiceSeen> seen = new ArrayList<>();
        for (ServicePort port : ports) {
            try {
                seen.add(ServiceSeen.of(port.address(), port.waiting(query), health(port)));
            } catch (IOException e) {
                seen.add(ServiceSeen.unreachable(port.address(), String.valueOf(e.getMessage())));
            }
        }
        return seen;
    }

    /** What it holds has been told then. */
    private static @Nullable String health(ServicePort port) throws InterruptedException {
        try {
            return port.problem().orElse(null);
        } catch (IOException e) {
            return "its health cannot be asked: " + e.getMessage();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
