package dev.serai.service;

import dev.serai.dialect.mapping.InvalidMappingException;
import dev.serai.engine.OutgoingTopics;
import dev.serai.engine.PartitionShare;
import dev.serai.engine.PartitionState;
import dev.serai.engine.ReadTopic;
import dev.serai.engine.Transactions;
import dev.serai.intake.AcceptRawRecord;
import dev.serai.intake.Intake;
import dev.serai.intake.IntakeMetrics;
import dev.serai.intake.IntakeRoutes;
import dev.serai.intake.MapRawRecord;
import dev.serai.intake.RawRecordSteps;
import dev.serai.intake.SettleRawRecord;
import dev.serai.loop.UnusableFileException;
import dev.serai.observe.DeadLetterLog;
import dev.serai.observe.waiting.HeldEvents;
import dev.serai.settings.KafkaSettings;
import dev.serai.settings.MappedIntake;
import dev.serai.settings.SeraiSettings;
import dev.serai.wire.TraceContext;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.spi.Registry;
import org.apache.kafka.clients.admin.Admin;

/**
 * The intakes of raw events, as the settings name them: each with a mapping, and with an engine and a consumer group of its
 * own, so that what is wrong with one leaves the others and the start topic alone. For one thread, but for what it hands out.
 */
final class Intakes implements AutoCloseable {
    /** Mapping and committing a record take milliseconds. */
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** Headers by which requests are followed through systems, whatever replies echo. */
    private static final Set<String> TRACING = Set.of(TraceContext.PARENT, TraceContext.STATE);

    private final KafkaSettings kafka;
    private final Admin admin;
    private final OutgoingTopics topics;
    private final Map<String, RunningIntake> all = new TreeMap<>();

    /**
     * Reads mappings and tables, and starts nothing.
     *
     * @throws UnusableIntakesException if files cannot be used; with the reasons, one a line
     */
    Intakes(
            SeraiSettings settings,
            Map<String, Object> kafkaProperties,
            MemoryShares memory,
            MeterRegistry meters,
            Clock clock) {
        kafka = settings.kafka();
        admin = LazyAdmin.of(kafkaProperties, "serai-intakes");
        topics = new OutgoingTopics(admin);
        Set<String> kept = new HashSet<>(settings.reply().correlationHeaders());
        kept.addAll(TRACING);
        Set<String> tenants = settings.tenantNames();
        List<String> mistakes = new ArrayList<>();
        settings.intake().forEach((name, intake) -> {
            IntakeMetrics metrics = new IntakeMetrics(meters, name);
            try {
                IntakeFiles files = IntakeFiles.read(name, intake, tenants, metrics);
                TopicEngine engine = new TopicEngine(
                        plan(name, intake, settings, memory), kafkaProperties, admin, topics, metrics, metrics, clock);
                RunningIntake one = new RunningIntake(
                        new Intake(name, files.mapping()::map, kept, new HeldEvents(), metrics), engine, files);
                one.watch(clock);
                all.put(name, one);
            } catch (InvalidMappingException | UnusableFileException | IllegalArgumentException e) {
                mistakes.add("intake " + name + ": " + e.getMessage());
            }
        });
        if (!mistakes.isEmpty()) {
            close();
            throw new UnusableIntakesException(String.join("\n", mistakes));
        }
    }

    private TopicEngine.Plan plan(String name, MappedIntake intake, SeraiSettings settings, MemoryShares memory) {
        int intakes = settings.intake().size();
        return new TopicEngine.Plan(
                new ReadTopic(
                        "records of intake " + name,
                        intake.topic(),
                        kafka.groupIdOfIntake(name),
                        Intake.clientsBean(name),
                        "mapped-intake-turn.camel.yaml"),
                transactionalId(settings, name),
                List.of(kafka.startTopic(), kafka.deadLetterTopic()),
                PartitionState.NONE,
                Optional.empty(),
                PartitionShare.NONE,
                Math.max(1, memory.held() / intakes),
                memory.rawRecords() / intakes,
                DRAIN);
    }

    /** Begins as all of the service's do, with its group; no name of an intake has a dot. */
    private static String transactionalId(SeraiSettings settings, String intake) {
        return Transactions.transactionalId(settings.kafka().groupId(), EngineSetup.instanceId(settings)) + ".intake."
                + intake;
    }

    /** To be added to the context when the templates are there. */
    IntakeRoutes routes() {
        return new IntakeRoutes(all.entrySet().stream()
                .map(each -> {
                    ReadTopic reads = each.getValue().engine().clients().reads();
                    return new IntakeRoutes.Instance(each.getKey(), reads.topic(), reads.groupId());
                })
                .toList());
    }

    /** @param routes to send records to routes with, once Camel has started */
    void bindTo(Registry beans, ProducerTemplate routes, DeadLetterLog deadLetters, Clock clock) {
        SettleRawRecord settle = new SettleRawRecord(kafka.startTopic(), kafka.deadLetterTopic(), deadLetters, routes);
        RawRecordSteps steps = new RawRecordSteps(clock);
        beans.bind("beginRawRecord", (Processor) steps::begin);
        beans.bind("mapRawRecord", new MapRawRecord());
        beans.bind("writeEventRecord", (Processor) steps::writeEvent);
        beans.bind("noteMapped", (Processor) steps::noteSettled);
        beans.bind("writeRawDeadLetter", (Processor) steps::writeDeadLetter);
        beans.bind("noteRawDeadLetter", (Processor) steps::noteSettled);
        all.forEach((name, one) -> {
            beans.bind(Intake.clientsBean(name), one.engine().clients());
            beans.bind(Intake.acceptBean(name), new AcceptRawRecord(one.intake(), settle, clock));
        });
    }

    void register(HealthCheckRegistry health) {
        all.values().forEach(one -> health.register(one.health(this::trouble)));
    }

    /** Why what intakes make could not be published now. */
    private Optional<String> trouble() {
        return topics.trouble(List.of(kafka.startTopic(), kafka.deadLetterTopic()));
    }

    /** What of them has ended that only another process can do. */
    Optional<String> dead() {
        return all.entrySet().stream()
                .flatMap(each ->
                        each.getValue().engine().dead().stream().map(text -> "intake " + each.getKey() + ": " + text))
                .findFirst();
    }

    /** Begins to commit; before the routes start. */
    void start() {
        all.values().forEach(one -> one.engine().start());
    }

    /** What has not begun does not begin any more. */
    void stopTaking() {
        all.values().forEach(one -> one.engine().stopTaking(DRAIN));
    }

    @Override
    public void close() {
        all.values().forEach(RunningIntake::close);
        admin.close(CLOSE);
    }
}
