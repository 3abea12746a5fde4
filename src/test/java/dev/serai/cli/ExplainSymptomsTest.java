package dev.serai.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.kafka.KeyPartitioner;
import dev.serai.operate.explain.Looked;
import dev.serai.operate.explain.Question;
import dev.serai.operate.explain.Story;
import dev.serai.operate.explain.StoryJson;
import dev.serai.operate.explain.StoryText;
import dev.serai.operate.explain.TimeLeft;
import dev.serai.testing.BesideOthers;
import dev.serai.testing.Producers;
import dev.serai.testing.RawEvents;
import dev.serai.testing.RunningSerai;
import dev.serai.testing.WaitingSerai;
import dev.serai.trial.standin.Fault;
import dev.serai.trial.standin.FaultScript;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 17: what one meets at three in the morning, staged in one service; the story of each names it, and what to do. */
@BesideOthers
@Order(BesideOthers.LONG)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ExplainSymptomsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int PARTITIONS = 4;

    /** Its events wait for a transaction that nobody ends. */
    private static final int HELD_BACK = 3;

    private static final String RAW = RawEvents.topic();

    private static WaitingSerai waiting;
    private static RunningSerai serai;

    @BeforeAll
    static void start() {
        Map<String, String> settings = new HashMap<>();
        settings.put("serai.tenants.full.max-sessions", "1");
        settings.put("serai.conversation.default-character-id", "guide");
        settings.put("serai.connect.gate.outage-calls", "2");
        settings.put("serai.connect.gate.outage-probe", "10m");
        settings.put("serai.connect.gate.max-outage-probe", "10m");
        settings.putAll(RawEvents.intake("phone", RAW));
        waiting = new WaitingSerai(settings, "acme", "full", "down");
        serai = waiting.serai();
        serai.standIn().script(FaultScript.always(Fault.hang()).forCharacter("hangs"));
        serai.standIn().script(FaultScript.always(Fault.status(503)).forCharacter("down's"));
    }

    @AfterAll
    static void stop() {
        waiting.close();
    }

    @Test
    void planThatIsFull_isNamed_withWhenTheNextSlotIsExpected() throws Exception {
        publish("full-1", key(), ",\"tenant\":\"full\"");
        serai.replyTo("full-1");
        publish("full-2", key(), ",\"tenant\":\"full\"");
        RecordMetadata third = publish("full-3", key(), ",\"tenant\":\"full\",\"ttl_ms\":200000");

        Story story = await(new Question.OfEvent("full-3"), "waiting");
        await(new Question.OfEvent("full-2"), "waiting");

        assertThat(story.summary())
                .startsWith("event full-3 waits for a slot of the plan (full at ")
                .containsPattern("1 of 1 taken, the next is expected in 4 min \\d+ s; .*, for ");
        assertThat(story.remedy())
                .startsWith("end sessions that nobody needs, or raise serai.connect.max-sessions with the plan");
        story = await(new Question.OfEvent(position(third)), "waiting");
        assertThat(text(story)).contains("1 in line are wanted sooner", "next is full-2 (");
        assertThat(json(story).at("/events/0/waits/gate/next_slot_at").asText()).contains("T");
    }

    @Test
    void keyThatIsRevoked_isNamed() throws Exception {
        publish("acme-1", key(), ",\"tenant\":\"acme\",\"character_id\":\"acme's\"");

        Story story = await(new Question.OfEvent("acme-1"), "waiting", "credentials");

        assertThat(story.summary())
                .contains("waits at the gate of tenant acme", "the provider refuses the credentials, it answers 401");
        assertThat(story.remedy()).startsWith("write an API key that the provider accepts into the tenant's key file");
        assertThat(text(story)).contains("read by       " + at().address());
    }

    @Test
    void providerThatIsDown_isNamed() throws Exception {
        publish("down-1", key(), ",\"tenant\":\"down\",\"character_id\":\"down's\"");
        publish("down-2", key(), ",\"tenant\":\"down\",\"character_id\":\"down's\"");
        await(new Question.OfEvent("down-2"), "waiting", "outage");
        publish("down-3", key(), ",\"tenant\":\"down\",\"character_id\":\"down's\"");

        Story story = await(new Question.OfEvent("down-3"), "waiting", "outage");

        assertThat(story.summary()).contains("held: the provider fails, it answers 503");
        assertThat(story.remedy()).startsWith("wait for the provider, and do not restart");
    }

    @Test
    void conversationThatIsStuck_isNamed_withTheEventThatItWaitsBehind() throws Exception {
        String key = key();
        RecordMetadata first = publish("stuck", key, ",\"character_id\":\"hangs\"");
        publish("behind", key, "");
        await(new Question.OfEvent("stuck"), "called");

        Story story = await(
                new Question.OfEvent("behind"),
                "waiting",
                "which is being worked on: call 1 of POST /connect is under way");

        assertThat(story.summary())
                .startsWith("event behind waits in its lane behind stuck (" + position(first)
                        + "), which is being worked on: call 1");
        assertThat(story.remedy()).contains("(operations.md, Calls hang)");
        story = tell(new Question.OfConversation(key.getBytes(UTF_8), key), Duration.ofHours(1));
        assertThat(story.summary())
                .as("the first that waits")
                .startsWith("event stuck is being worked on: call 1 of POST /connect");
        assertThat(text(story)).contains("The conversation's events:", "behind  waits in its lane");
    }

    @Test
    void sourceThatIsDown_isNamed() throws Exception {
        publish("at-source", key(), ",\"scene_ref\":\"hall\"");

        Story story = await(new Question.OfEvent("at-source"), "waiting", "source silent");

        assertThat(story.summary()).contains("looks up scene at source silent");
        assertThat(story.remedy()).contains("mend the source", "A source is wrong");
    }

    @Test
    void deadLetterAfterABadRelease_isNamed_withWhatToDo() throws Exception {
        String key = key();
        RecordMetadata bad = serai.publish(key, "{\"event_id\":\"bad-release\",\"character_id\":17}");
        serai.deadLetterOf(bad);

        Story story = await(new Question.OfEvent("bad-release"), "dead_letter");

        assertThat(story.summary()).startsWith("event bad-release came to nothing: invalid_event, /character_id");
        assertThat(story.remedy())
                .startsWith("tell the publisher: a replay fails again (./serai dead-letters show "
                        + serai.settings().kafka().deadLetterTopic() + "-");
        assertThat(json(story).at("/events/0/reply/status").asText()).isEqualTo("failed");
    }

    @Test
    void callerWithARoomName_isToldOfItsEventAndWhoHasEndedIt() throws Exception {
        String key = key();
        publish("with-room", key, "");
        JsonNode reply = serai.replyTo("with-room");
        String room = reply.path("room_name").asText();

        Story story = await(new Question.OfRoom(room), "answered");

        assertThat(story.summary())
                .startsWith("event with-room was answered with a room at ")
                .endsWith(": " + room);
        assertThat(text(story))
                .contains(
                        "probably open",
                        "1 call of POST /connect",
                        reply.path("request_trace_id").asText())
                .containsPattern(
                        "time +queued and at the gate \\d+ ms, looked up \\d+ ms, calls \\d+ ms, commit and reply");
        assertSecretsStaySecret(story, reply);

        serai.publish(key, "{\"action\":\"end\",\"event_id\":\"hung-up\"}");
        serai.replyTo("hung-up");
        story = tell(new Question.OfRoom(room), Duration.ofHours(1));

        assertThat(text(story)).contains(room + ", ended at ").contains("by end event hung-up (");
        assertThat(tell(new Question.OfEvent("hung-up"), Duration.ofHours(1)).summary())
                .contains("has ended its conversation at", "sessions ended 1");
    }

    private static void assertSecretsStaySecret(Story story, JsonNode reply) {
        for (String secret : List.of("token", "session_id", "character_session_id")) {
            assertThat(reply.path(secret).asText()).isNotEmpty();
            assertThat(text(story) + json(story))
                    .doesNotContain(reply.path(secret).asText());
        }
    }

    @Test
    void eventThatWasCancelled_isNamed_withTheEndEvent() throws Exception {
        String key = key();
        publish("hung-up-on", key, ",\"scene_ref\":\"hall\"");
        await(new Question.OfEvent("hung-up-on"), "waiting");
        serai.publish(key, "{\"action\":\"end\",\"event_id\":\"the-end\"}");
        serai.replyTo("hung-up-on");

        Story story = await(new Question.OfEvent("hung-up-on"), "cancelled");

        assertThat(story.summary()).startsWith("event hung-up-on was cancelled by end event the-end (");
        assertThat(story.remedy()).isEqualTo("nothing: the caller has left");
    }

    @Test
    void transactionThatHangs_isNamed_withWhatEndsIt() throws Exception {
        String key = key(HELD_BACK);
        try (var producer = Producers.transactional(serai.bootstrapServers(), "publisher" + UUID.randomUUID())) {
            producer.initTransactions();
            producer.beginTransaction();
            RecordMetadata hidden = producer.send(new ProducerRecord<>(
                            serai.settings().kafka().startTopic(),
                            key.getBytes(UTF_8),
                            "{\"event_id\":\"hidden\",\"character_id\":\"c\"}".getBytes(UTF_8)))
                    .get(20, TimeUnit.SECONDS);
            publish("hidden-too", key, "");

            Story story = tell(new Question.OfEvent("hidden"), Duration.ofHours(1));
            Story behind = tell(new Question.OfEvent("hidden-too"), Duration.ofHours(1));
            Story conversation = tell(new Question.OfConversation(key.getBytes(UTF_8), key), Duration.ofHours(1));

            assertThat(story.summary())
                    .startsWith("event hidden cannot be read yet: an open transaction of publisher")
                    .contains("back from offset " + hidden.offset() + " on");
            assertThat(story.remedy()).contains("kafka-transactions.sh", "--start-offset " + hidden.offset());
            assertThat(behind.summary()).contains("hidden-too cannot be read yet: an open transaction");
            assertThat(conversation.summary()).startsWith("event hidden cannot be read yet");
            assertThat(json(conversation).path("events")).hasSize(2);
            producer.abortTransaction();
        }
        assertThat(await(new Question.OfEvent("hidden-too"), "answered").summary())
                .contains("was answered with a room");
    }

    @Test
    void eventThatAnIntakeHasMade_isNamedWithItsRawRecord() throws Exception {
        RecordMetadata raw = RawEvents.publish(serai, RAW, null, "{'type':'called','call':'" + key() + "'}");
        RecordMetadata ignored = RawEvents.publish(serai, RAW, null, "{'type':'rang','call':'only-rang'}");
        String id = id(raw);

        Story story = await(new Question.OfEvent(id), "answered");

        assertThat(text(story)).contains("made of       raw record " + position(raw) + ", by an intake");
        serai.awaitCommitted(serai.settings().kafka().groupId() + ".intake.phone", ignored);
        story = tell(new Question.OfEvent("only-rang"), Duration.ofHours(1));
        assertThat(story.found()).isTrue();
        assertThat(story.summary())
                .contains("is named by the raw record " + position(ignored), "has made no event of that name");
    }

    private static String id(RecordMetadata raw) {
        return serai.replies().stream()
                .map(RunningSerai::json)
                .map(reply -> reply.path("event_id").asText())
                .filter(id -> id.endsWith("-called"))
                .findFirst()
                .orElseGet(() -> {
                    Awaitility.await().atMost(PATIENCE).until(() -> serai.replies().stream()
                            .anyMatch(reply -> RunningSerai.json(reply)
                                    .path("event_id")
                                    .asText()
                                    .endsWith("-called")));
                    return id(raw);
                });
    }

    @Test
    void whatIsNowhere_isNotFound() throws Exception {
        Story story = tell(new Question.OfEvent("no-such-event"), Duration.ofHours(1));

        assertThat(story.found()).isFalse();
        assertThat(story.summary()).isEqualTo("event no-such-event is on none of the topics that were looked through");
        assertThat(text(story)).contains(serai.settings().kafka().startTopic() + " (", RAW + " (");
    }

    private static RecordMetadata publish(String id, @Nullable String key, String fields) {
        return serai.publish(key, "{\"event_id\":\"" + id + "\"" + fields + "}");
    }

    private static String key() {
        return key(-1);
    }

    /** @param partition where it is to be; any but the one that is held back if negative */
    private static String key(int partition) {
        while (true) {
            String key = "caller-" + UUID.randomUUID();
            int chosen = KeyPartitioner.MURMUR2.partition(key.getBytes(UTF_8), PARTITIONS);
            if (partition < 0 ? chosen != HELD_BACK : chosen == partition) {
                return key;
            }
        }
    }

    private static String position(RecordMetadata at) {
        return at.topic() + "-" + at.partition() + "@" + at.offset();
    }

    private static ServicePort at() {
        return new ServicePort(serai.service().observeUri().getAuthority());
    }

    private static Story tell(Question question, Duration back) throws InterruptedException {
        return StoryFinder.story(
                serai.settings(),
                Map.of("bootstrap.servers", serai.bootstrapServers()),
                question,
                List.of(at()),
                back,
                TimeLeft.of(Duration.ofSeconds(30)),
                Looked.Progress.NONE);
    }

    /** The story in which the event that it is about is so far, and in whose text that is. */
    private static Story await(Question question, String state, String... texts) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> tell(question, Duration.ofHours(1)), story -> {
                    JsonNode json = json(story);
                    String about = json.path("about").asText();
                    for (JsonNode event : json.path("events")) {
                        if (event.path("record").asText().equals(about)) {
                            return event.path("state").asText().equals(state)
                                    && List.of(texts).stream().allMatch(json.toString()::contains);
                        }
                    }
                    return false;
                });
    }

    private static String text(Story story) {
        return String.join("\n", StoryText.lines(story));
    }

    private static JsonNode json(Story story) {
        return StoryJson.of(story);
    }
}
