package dev.serai.service;

import dev.serai.batch.JobTopics;
import dev.serai.batch.folder.FolderResults;
import dev.serai.batch.folder.JobFolder;
import dev.serai.batch.run.Jobs;
import dev.serai.batch.run.JobsMetrics;
import dev.serai.batch.run.Replica;
import dev.serai.conversation.DecodingBudget;
import dev.serai.conversation.HeldBatches;
import dev.serai.conversation.UnpublishedRooms;
import dev.serai.observe.AbandonedCalls;
import dev.serai.observe.ConversationMetrics;
import dev.serai.observe.DeadLetterLog;
import dev.serai.observe.KafkaWatch;
import dev.serai.observe.waiting.HeldEvents;
import dev.serai.observe.waiting.LongWaitLog;
import dev.serai.observe.waiting.WaitingReport;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.source.SourceMetrics;
import dev.serai.source.kind.Sources;
import dev.serai.wire.event.StartEventDecoder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * What the service is made of, besides Camel: wired, and each part closed in its time. Thread-safe as far as its parts are.
 */
final class Parts {
    /** A thread that is to end ends at once, unless the machine stands still or a step of the user's own does not heed it. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    final Clock clock = Clock.systemUTC();
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final DeadLetterLog deadLetters = new DeadLetterLog();
    final AbandonedCalls abandoned = new AbandonedCalls();
    final HeldEvents held = new HeldEvents();
    final HeldBatches batches;
    final SeraiSettings settings;
    final Backends backends;
    final ConversationMetrics metrics;
    final Providers providers;
    final UnpublishedRooms rooms;
    final Sources sources;
    final MemoryShares memory;
    final DecodingBudget decodedEvents;
    final DecodingBudget decodedAnswers;
    final LiveSessions liveSessions;
    final EngineSetup engine;
    final Intakes intakes;
    final Optional<Jobs> jobs;
    final Optional<JobFolder> folder;
    final Optional<FolderResults> folderResults;
    final WaitingReport waiting;
    private final LongWaitLog longWaits;

    /**
     * Starts nothing.
     *
     * @throws IllegalArgumentException if settings name what cannot work, such as a file with mistakes
     */
    Parts(SeraiSettings settings, Backends backends) {
        this.settings = settings;
        this.backends = backends;
        metrics = new ConversationMetrics(meters, backends.providers().keySet());
        providers = new Providers(settings, backends.providers(), meters, clock);
        providers.gates().forEach(metrics::watch);
        rooms = new UnpublishedRooms(providers.sessionEnder(), metrics);
        sources = new Sources(
                settings,
                backends.providers().keySet(),
                backends.sampleData(),
                backends.kafkaProperties(),
                new SourceMetrics(meters),
                meters);
        memory = MemoryShares.of(settings.kafka());
        intakes = intakes();
        decodedEvents = new DecodingBudget("events", memory.decodedEvents(), memory.lightEvent());
        decodedAnswers = new DecodingBudget("answers", memory.decodedAnswers(), memory.lightAnswer());
        liveSessions = new LiveSessions(settings, providers.gates(), providers.sessionEnder(), metrics, clock);
        engine = new EngineSetup(
                settings,
                backends.kafkaProperties(),
                providers,
                memory,
                liveSessions,
                metrics,
                new EngineMetrics(meters),
                clock);
        jobs = settings.provision().enabled() ? Optional.of(jobs()) : Optional.empty();
        batches = new HeldBatches(
                job -> jobs.flatMap(running -> running.cancelled().why(job)));
        folder = JobFolders.of(settings, backends, clock);
        folderResults = folder.map(FolderResults::new);
        KafkaWatch kafka = engine.watch();
        waiting = new WaitingReport(
                held,
                StartEventDecoder::eventId,
                kafka::problem,
                tenant -> liveSessions.open().nextOver(tenant),
                clock);
        longWaits = new LongWaitLog(held, StartEventDecoder::eventId, kafka::problem, clock);
        metrics.watchSeconds(
                "serai.oldest.event.age.seconds",
                "Since the oldest of the start events that are held was published; 0 while there is none",
                () -> held.oldestAge(clock.instant()));
        watchBudget("events", decodedEvents);
        watchBudget("answers", decodedAnswers);
        metrics.watch(
                "serai.stand.in",
                "1 while the stand-in answers in place of a provider: its rooms are none",
                () -> backends.hasStandIn() ? 1 : 0);
    }

    private Jobs jobs() {
        KafkaSettings kafka = settings.kafka();
        return new Jobs(
                new Replica(
                        backends.kafkaProperties(),
                        new JobTopics(kafka.jobTopic(), kafka.jobRowTopic()),
                        kafka.groupId(),
                        kafka.startTopic(),
                        EngineSetup.instanceId(settings),
                        settings.connect().sessionIdle(),
                        job -> batches.heldUpBy(job),
                        clock),
                new JobsMetrics(meters));
    }

    private Intakes intakes() {
        try {
            return new Intakes(settings, backends.kafkaProperties(), memory, meters, clock);
        } catch (IllegalArgumentException e) {
            sources.close();
            throw e;
        }
    }

    private void watchBudget(String what, DecodingBudget budget) {
        metrics.watch(
                "serai.decoded." + what + ".bytes",
                "Memory that is set aside for " + what + " while they are decoded, but for light ones",
                budget::taken);
        metrics.watch(
                "serai.decoded." + what + ".waiting",
                "Heavy " + what + " that wait for memory to be decoded in",
                budget::waiting);
    }

    /** Ends what is left when Camel has stopped. */
    void close() {
        decodedEvents.close();
        decodedAnswers.close();
        jobs.ifPresent(Jobs::close);
        folderResults.ifPresent(FolderResults::close);
        intakes.close();
        engine.close();
        liveSessions.close();
        sources.close();
        providers.close();
        awaitLastWords();
        deadLetters.close();
        abandoned.close();
        longWaits.close();
        meters.close();
    }

    /** Events that the stop has ended say on their own threads what they were called for in vain. */
    private void awaitLastWords() {
        try {
            held.awaitNone(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
