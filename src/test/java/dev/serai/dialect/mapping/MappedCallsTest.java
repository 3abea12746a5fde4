package dev.serai.dialect.mapping;

import static dev.serai.dialect.mapping.ShippedSamples.changed;
import static dev.serai.dialect.mapping.ShippedSamples.context;
import static dev.serai.dialect.mapping.ShippedSamples.defaults;
import static dev.serai.dialect.mapping.ShippedSamples.events;
import static dev.serai.dialect.mapping.ShippedSamples.ids;
import static dev.serai.dialect.mapping.ShippedSamples.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.mapping.ShippedSamples.Sample;
import dev.serai.table.WatchedTable;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls as the shipped mappings see them: told of by several feeds, transferred, late, looked up; and the files' variants. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MappedCallsTest {
    private static final String CONTACT = "c0ffee00-0000-4000-8000-000000000077";
    private static final String QUEUE = "arn:aws:connect:eu-central-1:210987654321:instance/11aa/queue/q-museum";

    @TempDir
    Path folder;

    @Test
    void call_ofAmazonConnect_isOneInAllItsFeedsAndInSalesforce() throws Exception {
        List<String> start = List.of(CONTACT + " " + CONTACT + ":start");
        assertThat(ids("amazon-connect", "start-inbound-call")).isEqualTo(start);
        assertThat(ids("amazon-connect-flow", "start-inbound-call")).isEqualTo(start);
        assertThat(ids("salesforce-voice", "start-inbound-call")).isEqualTo(start);

        List<String> end = List.of(CONTACT + " " + CONTACT + ":end");
        assertThat(ids("amazon-connect", "end-caller-hung-up")).isEqualTo(end);
        assertThat(ids("amazon-connect-record", "end-caller-hung-up")).isEqualTo(end);
        assertThat(ids("amazon-connect-record", "end-again-with-other-attributes"))
                .isEqualTo(end);
        assertThat(ids("salesforce-voice", "end-completed")).isEqualTo(end);
    }

    @Test
    void call_ofAmazonConnect_thatWasTransferred_endsWithTheLegTheCallerLeaves_andNotBefore() throws Exception {
        assertThat(ids("amazon-connect", "ignored-transfer")).isEmpty();
        assertThat(ids("amazon-connect", "ignored-leg-that-was-transferred")).isEmpty();
        assertThat(ids("amazon-connect", "ignored-leg-that-an-agent-left")).isEmpty();
        assertThat(ids("amazon-connect", "end-caller-of-a-transferred-call-hung-up"))
                .singleElement()
                .asString()
                .startsWith(CONTACT + " ");
    }

    @Test
    void callback_ofAmazonConnect_isACallOfItsOwn_forTheOneThatAskedForItIsOver() throws Exception {
        String callback = "c0ffee00-0000-4000-8000-000000000082";
        assertThat(ids("amazon-connect", "start-callback-answered"))
                .containsExactly(callback + " " + callback + ":start");
        assertThat(ids("amazon-connect-flow", "start-callback")).containsExactly(callback + " " + callback + ":start");
        List<String> end = List.of(callback + " " + callback + ":end");
        assertThat(ids("amazon-connect", "end-callback")).isEqualTo(end);
        // Transferred, its last leg names the call that asked for it as the first one.
        assertThat(ids("amazon-connect", "end-caller-of-a-transferred-callback-hung-up"))
                .containsAll(end);
        assertThat(ids("amazon-connect-record", "end-caller-of-a-transferred-callback-hung-up"))
                .containsAll(end);
        for (String vendor : List.of("amazon-connect", "amazon-connect-record")) {
            Sample sample = ShippedSamples.of(vendor, "end-caller-of-a-transferred-callback-hung-up");
            String two = "[%1$s,%1$s]".formatted(Files.readString(sample.files().sample()));
            assertThat(ids(mapping(vendor).map(Mappings.record(two)))).hasSize(4);
        }
    }

    /** Whoever was called is looked up by a queue, and the leg that goes on by the number: its own queue is all that it has. */
    @Test
    void leg_thatWasTransferred_endsItsCallForTheTenantOfItsQueue_asWellAsOfItsNumber() throws Exception {
        MappingContext context = table("{\"" + QUEUE + """
                ": {"tenant": "museum"}, "+498000000001": {"tenant": "harbour"}}""");
        String call = CONTACT + " ";
        String callback = "c0ffee00-0000-4000-8000-000000000082 ";
        for (String vendor : List.of("amazon-connect", "amazon-connect-record")) {
            Mapping mapping = mapping(vendor, context);
            OriginalRecord transferred = record(vendor, "end-caller-of-a-transferred-callback-hung-up");
            assertThat(tenants(mapping.map(transferred)))
                    .as(vendor)
                    .containsExactly(call + "harbour", callback + "harbour");

            MappingResult queued = mapping.map(inQueue(transferred, vendor, QUEUE));

            assertThat(tenants(queued))
                    .as(vendor)
                    .containsExactlyInAnyOrder(
                            call + "harbour", callback + "harbour", call + "museum", callback + "museum");
            assertThat(ids(queued)).as(vendor).doesNotHaveDuplicates();
            assertThat(ids(mapping(vendor).map(inQueue(transferred, vendor, QUEUE))))
                    .as("one tenant in all")
                    .isEqualTo(ids(vendor, "end-caller-of-a-transferred-callback-hung-up"));
            assertThat(events(mapping.map(inQueue(record(vendor, "end-caller-hung-up"), vendor, QUEUE))))
                    .as("of the only leg")
                    .hasSize(1);
        }
    }

    private static List<String> tenants(MappingResult result) {
        return events(result).stream()
                .map(event -> event.conversationKey() + " "
                        + event.event().path("tenant").asText())
                .toList();
    }

    private static OriginalRecord inQueue(OriginalRecord raw, String vendor, String queue) throws Exception {
        ObjectNode record = (ObjectNode) Json.MAPPER.readTree(raw.value());
        if (vendor.equals("amazon-connect")) {
            ((ObjectNode) record.path("detail")).putObject("queueInfo").put("queueArn", queue);
        } else {
            record.putObject("Queue").put("ARN", queue);
        }
        return with(raw, record);
    }

    private static OriginalRecord with(OriginalRecord raw, ObjectNode value) {
        return new OriginalRecord(
                raw.topic(), raw.partition(), raw.offset(), raw.timestamp(), null, Json.bytes(value), raw.headers());
    }

    @Test
    void session_ofGenesys_isNoRoomOfItsOwn() throws Exception {
        assertThat(ids("genesys-cloud", "start-another-session-of-the-call"))
                .isEqualTo(ids("genesys-cloud", "start-inbound-call"));
    }

    @Test
    void call_ofTwilio_itsTask_andTheDeprecatedType_areOne() throws Exception {
        List<String> start = ids("twilio", "start-call-answered");
        assertThat(ids("twilio", "start-task-in-an-array")).isEqualTo(start);
        assertThat(ids("twilio", "start-call-answered-with-the-deprecated-prefix"))
                .isEqualTo(start);
        assertThat(ids("twilio", "start-call-and-task-in-one-array")).hasSize(2).containsOnly(start.getFirst());
        assertThat(ids("twilio", "start-task-of-a-chat")).isEqualTo(ids("twilio", "start-conversation-added"));
        assertThat(ids("twilio", "end-task-wrapup")).isEqualTo(ids("twilio", "end-call-completed"));
    }

    @Test
    void callers_whoHideTheirNumber_areNobody() throws Exception {
        for (String vendor :
                List.of("amazon-connect-flow", "genesys-cloud", "twilio", "webex-contact-center", "salesforce-voice")) {
            assertThat(only(vendor, "start-anonymous-caller", context()).has("end_user_id"))
                    .as(vendor)
                    .isFalse();
        }
    }

    @Test
    void call_ofThreeDaysAgo_hasADeadlineThatHasPassed() throws Exception {
        String deadline = only("salesforce-voice", "start-three-days-late", context())
                .path("expires_at")
                .asText();

        assertThat(Instant.parse(deadline))
                .isBefore(record("salesforce-voice", "start-three-days-late").timestamp());
    }

    @Test
    void row_ofTheNumberDialled_namesCharacterTenantAndScene_andTheEndIsOfThatTenant() throws Exception {
        MappingContext context = table("""
                {"+498000000001": {"character_id": "curator", "tenant": "museum", "scene_ref": "harbour"},
                 "*": {"character_id": "anybody", "tenant": "others"}}""");
        Map<String, String> starts = Map.of(
                "amazon-connect", "start-inbound-call",
                "amazon-connect-flow", "start-inbound-call",
                "genesys-cloud", "start-inbound-call",
                "twilio", "start-call-answered",
                "webex-contact-center", "start-inbound-call",
                "salesforce-voice", "start-inbound-call");
        Map<String, String> ends = Map.of(
                "amazon-connect", "end-caller-hung-up",
                "amazon-connect-record", "end-caller-hung-up",
                "genesys-cloud", "end-caller-hung-up",
                "twilio", "end-task-completed",
                "webex-contact-center", "end-ended",
                "salesforce-voice", "end-completed");

        for (Map.Entry<String, String> start : starts.entrySet()) {
            ObjectNode event = only(start.getKey(), start.getValue(), context);
            assertThat(event.path("character_id").asText()).as(start.toString()).isEqualTo("curator");
            assertThat(event.path("tenant").asText()).as(start.toString()).isEqualTo("museum");
            assertThat(event.path("scene_ref").asText()).as(start.toString()).isEqualTo("harbour");
        }
        for (Map.Entry<String, String> end : ends.entrySet()) {
            ObjectNode event = only(end.getKey(), end.getValue(), context);
            assertThat(event.path("tenant").asText()).as(end.toString()).isEqualTo("museum");
            assertThat(event.has("character_id")).as(end.toString()).isFalse();
        }
    }

    @Test
    void row_forWhatIsNotInTheTable_isTheOneOfTheStar_andOneThatIgnoresMakesNothing() throws Exception {
        MappingContext others = table("""
                {"+4930000000": {"ignore": true}, "*": {"character_id": "anybody"}}""");
        MappingContext nobody = table("""
                {"*": {"ignore": true}}""");
        for (String vendor : ShippedSamples.vendors()) {
            Mapping forNobody = mapping(vendor, nobody);
            Mapping forOthers = mapping(vendor, others);
            for (Sample sample : ShippedSamples.of(vendor)) {
                OriginalRecord raw = sample.files().record();
                assertThat(events(forNobody.map(raw))).as(sample.toString()).isEmpty();
                assertThat(events(forOthers.map(raw)))
                        .as(sample.toString())
                        .filteredOn(
                                event -> event.event().path("action").asText().equals("start"))
                        .allSatisfy(event -> assertThat(
                                        event.event().path("character_id").asText())
                                .isEqualTo("anybody"));
            }
        }
    }

    @Test
    void table_ofTheDocument_saysWhoTakesACall() throws Exception {
        String document = Files.readString(Path.of("src/docs/contact-centres.md"));
        String csv = document.replaceFirst("(?s).*```csv\n", "").replaceFirst("(?s)```.*", "");
        Path file = Files.writeString(folder.resolve("calls.csv"), csv);
        Map<String, List<String>> characters = Map.of(
                "+498000000001", List.of("museum-guide"),
                "tel:+498000000002", List.of("curator"),
                "+498000000003", List.of(),
                "+498000000004", List.of("museum-guide"));

        try (LookUpTable table = LookUpTable.open("calls", file, "DE", WatchedTable.Listener.NONE)) {
            Mapping mapping = mapping("amazon-connect", new MappingContext(table, null, "DE", defaults()));
            for (Map.Entry<String, List<String>> dialled : characters.entrySet()) {
                assertThat(events(mapping.map(called(dialled.getKey()))))
                        .as(dialled.getKey())
                        .extracting(event -> event.event().path("character_id").asText())
                        .isEqualTo(dialled.getValue());
            }
        }
    }

    private static OriginalRecord called(String number) throws Exception {
        OriginalRecord raw = record("amazon-connect", "start-inbound-call");
        ObjectNode event = (ObjectNode) Json.MAPPER.readTree(raw.value());
        ((ObjectNode) event.at("/detail/tags")).put("aws:connect:systemEndpoint", number);
        return with(raw, event);
    }

    @Test
    void amazonConnect_whileWaiting_startsInTheQueue_withTheQueuesCharacter() throws Exception {
        Mapping mapping = changed(
                folder,
                "amazon-connect",
                "$while_waiting := false",
                "$while_waiting := true",
                table("{\"" + QUEUE + """
                        ": {"character_id": "curator"}}"""));

        MappedEvent start =
                events(mapping.map(record("amazon-connect", "ignored-queued"))).getFirst();

        assertThat(ids(mapping.map(record("amazon-connect", "ignored-queued"))))
                .isEqualTo(ids("amazon-connect", "start-inbound-call"));
        assertThat(start.event().path("character_id").asText()).isEqualTo("curator");
        assertThat(start.event().path("expires_at").asText()).isEqualTo("2026-11-20T09:17:10.000Z");
        assertThat(events(mapping.map(record("amazon-connect", "start-inbound-call"))))
                .isEmpty();
        // Nobody has answered yet: whoever is called back waits for no avatar.
        assertThat(events(mapping.map(record("amazon-connect", "ignored-queued-callback"))))
                .isEmpty();
        assertThat(ids(mapping.map(record("amazon-connect", "start-callback-answered"))))
                .isEqualTo(ids("amazon-connect", "start-callback-answered"));
    }

    @Test
    void amazonConnect_whereAgentsEndCalls_endsWithTheAgent_andNotWithATransfer() throws Exception {
        Mapping mapping =
                changed(folder, "amazon-connect", "$agent_ends_call := false", "$agent_ends_call := true", context());

        assertThat(ids(mapping.map(record("amazon-connect", "ignored-leg-that-an-agent-left"))))
                .isEqualTo(ids("amazon-connect", "end-caller-hung-up"));
        assertThat(events(mapping.map(record("amazon-connect", "ignored-leg-that-was-transferred"))))
                .isEmpty();
    }

    @Test
    void amazonConnectFlow_thatTellsOfSomeAttributes_keepsTheOthers() throws Exception {
        Mapping mapping = changed(folder, "amazon-connect-flow", "$told := [\"*\"]", "$told := [\"topic\"]", context());

        assertThat(events(mapping.map(record("amazon-connect-flow", "start-inbound-call"))))
                .singleElement()
                .satisfies(start -> assertThat(
                                start.event().at("/dynamic_info/text").asText())
                        .isEqualTo("Language of the caller: de-DE\ntopic: opening hours"));
    }

    @Test
    void webex_whileWaiting_startsWhenParked() throws Exception {
        Mapping mapping =
                changed(folder, "webex-contact-center", "$while_waiting := false", "$while_waiting := true", context());

        assertThat(ids(mapping.map(record("webex-contact-center", "ignored-parked"))))
                .isEqualTo(ids("webex-contact-center", "start-inbound-call"));
        assertThat(events(mapping.map(record("webex-contact-center", "start-inbound-call"))))
                .isEmpty();
    }

    @Test
    void twilio_whoseCallsStartWhenTheyRing_startsThen() throws Exception {
        Mapping mapping = changed(
                folder, "twilio", "$call_starts_when := \"answered\"", "$call_starts_when := \"ringing\"", context());

        assertThat(ids(mapping.map(record("twilio", "ignored-ringing"))))
                .isEqualTo(ids("twilio", "start-call-answered"));
        assertThat(events(mapping.map(record("twilio", "start-call-answered")))).isEmpty();
    }

    private static MappingContext table(String rows) throws Exception {
        ObjectNode table = (ObjectNode) Json.MAPPER.readTree(rows);
        return new MappingContext(key -> (ObjectNode) table.get(key), null, "DE", defaults());
    }

    private static OriginalRecord record(String vendor, String name) throws Exception {
        return ShippedSamples.of(vendor, name).files().record();
    }

    private static ObjectNode only(String vendor, String name, MappingContext context) throws Exception {
        List<MappedEvent> events = events(mapping(vendor, context).map(record(vendor, name)));
        assertThat(events).as(vendor + "/" + name).hasSize(1);
        return events.getFirst().event();
    }
}
