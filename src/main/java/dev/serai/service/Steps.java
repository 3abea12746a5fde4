package dev.serai.service;

import dev.serai.batch.folder.FolderRoutes;
import dev.serai.batch.folder.ProvisionFile;
import dev.serai.connect.Backoff;
import dev.serai.connect.ConnectPolicy;
import dev.serai.connect.ProviderEndpoint;
import dev.serai.connect.ProviderHeaders;
import dev.serai.conversation.AcceptRecord;
import dev.serai.conversation.BeginEvent;
import dev.serai.conversation.CallAnswers;
import dev.serai.conversation.CheckDeadline;
import dev.serai.conversation.ConnectRoute;
import dev.serai.conversation.ConnectSteps;
import dev.serai.conversation.DeadLetterRecord;
import dev.serai.conversation.DecodeEvent;
import dev.serai.conversation.DescribeFailure;
import dev.serai.conversation.EndSessions;
import dev.serai.conversation.EnrichConversation;
import dev.serai.conversation.LeftToNextOwner;
import dev.serai.conversation.NotePublished;
import dev.serai.conversation.RecallConversation;
import dev.serai.conversation.ReplyRecord;
import dev.serai.conversation.ResumeSession;
import dev.serai.conversation.SessionTraces;
import dev.serai.conversation.SettleEvent;
import dev.serai.lane.LaneComponent;
import dev.serai.route.CsvLines;
import dev.serai.route.FailedStepText;
import dev.serai.route.JsonataLanguage;
import dev.serai.settings.ConnectSettings;
import dev.serai.settings.ConnectSettings.OnUnknownOutcome;
import dev.serai.settings.ConnectSettings.OneRoomPerEvent;
import dev.serai.settings.ReplySettings;
import dev.serai.settings.SeraiSettings;
import dev.serai.source.kind.HttpSource;
import dev.serai.source.kind.SqlRows;
import dev.serai.wire.event.Deadlines;
import dev.serai.wire.event.EventPreviews;
import dev.serai.wire.event.ReplyTopics;
import dev.serai.wire.event.StartEventDecoder;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.spi.Registry;

/** Makes the steps that the routes name, and the route of the provider call. For one start. */
final class Steps {
    /** More than a call of the provider with its retries takes as a rule, and bounded: the conversation's next event waits. */
    private static final Duration ENDING = Duration.ofSeconds(20);

    private final Parts parts;
    private final SeraiSettings settings;
    private final Clock clock;
    private final Deadlines deadlines;
    private final CheckDeadline deadline;

    Steps(Parts parts) {
        this.parts = parts;
        settings = parts.settings;
        clock = parts.clock;
        deadlines = EventRules.deadlines(settings);
        deadline = new CheckDeadline(parts.engine.watch(), deadlines, clock);
    }

    /** @param routes to send events to routes with, once Camel has started */
    void bindTo(Registry steps, ProducerTemplate routes) {
        ReplyTopics replyTopics = EventRules.replyTopics(settings);
        ReplyRecord replyRecord = new ReplyRecord(
                replyTopics,
                EventRules.correlation(settings),
                EventRules.cloudEventReplies(settings),
                settings.reply().sessionId() == ReplySettings.SessionId.INCLUDE,
                parts.backends.hasStandIn(),
                clock);
        SessionTraces traces = new SessionTraces(
                settings.kafka().sessionTopic(),
                parts.engine.sessions(),
                parts.liveSessions.open(),
                parts.liveSessions.sealer(),
                settings.connect().maxSession(),
                clock);
        SettleEvent settle = new SettleEvent(
                settings.kafka().sessionTopic(),
                settings.kafka().deadLetterTopic(),
                traces,
                parts.metrics,
                parts.deadLetters,
                parts.abandoned,
                parts.rooms,
                parts.held,
                deadline,
                routes);
        StartEventDecoder decoder = decoder(replyTopics);
        steps.bind(
                "acceptRecord",
                new AcceptRecord(
                        settle,
                        previews(),
                        decoder,
                        parts.batches,
                        key -> routes.getCamelContext()
                                .getComponent("lane", LaneComponent.class)
                                .reconsider(key),
                        clock));
        steps.bind("jsonata", new JsonataLanguage());
        steps.bind("csvLines", new CsvLines());
        steps.bind("csvLineToRow", (Processor) CsvLines::toRow);
        steps.bind("csvLineToRejected", (Processor) CsvLines::toRejected);
        steps.bind("failedStep", new FailedStepText());
        steps.bind("beginEvent", new BeginEvent(clock));
        steps.bind(
                "decodeEvent",
                new DecodeEvent(decoder, parts.decodedEvents, parts.memory.heaviestEvent(), parts.metrics));
        steps.bind("endSessions", new EndSessions(parts.liveSessions.open(), parts.providers.sessionEnder(), ENDING));
        steps.bind("checkDeadline", deadline);
        steps.bind(
                "recallConversation",
                new RecallConversation(
                        parts.engine.sessions(),
                        parts.liveSessions.open(),
                        replyRecord,
                        settings.reply().repeat(),
                        clock));
        steps.bind("resumeSession", new ResumeSession());
        parts.sources.bindTo(steps);
        steps.bind("enrichConversation", new EnrichConversation(parts.sources.enrichers(routes), clock));
        steps.bind("prepareHttpRequest", (Processor) HttpSource::prepare);
        steps.bind("readHttpAnswer", (Processor) HttpSource::read);
        steps.bind("rowsToJson", (Processor) SqlRows::toJson);
        steps.bind("replyRecord", replyRecord);
        steps.bind("noteReply", NotePublished.reply());
        steps.bind("leftToNextOwner", new LeftToNextOwner());
        steps.bind("describeFailure", new DescribeFailure(parts.rooms, replyTopics));
        steps.bind("deadLetterRecord", new DeadLetterRecord(clock));
        steps.bind("noteDeadLetter", NotePublished.deadLetter());
        parts.intakes.bindTo(steps, routes, parts.deadLetters, clock);
        parts.folder.ifPresent(folder -> steps.bind(FolderRoutes.STEP, new ProvisionFile(folder)));
        parts.providers.bindTo(steps);
        steps.bind(ProviderEndpoint.HEADERS_BEAN, new ProviderHeaders());
    }

    private StartEventDecoder decoder(ReplyTopics replyTopics) {
        return new StartEventDecoder(
                EventRules.of(settings, deadlines, parts.backends.providers().keySet()), replyTopics);
    }

    private EventPreviews previews() {
        return new EventPreviews(
                deadlines,
                parts.backends.providers().keySet(),
                settings.conversation().defaultCharacterId());
    }

    ConnectRoute connectRoute() {
        ConnectSettings connect = settings.connect();
        Backoff backoff = new Backoff(connect.initialBackoff(), connect.maxBackoff(), () -> ThreadLocalRandom.current()
                .nextLong());
        ConnectPolicy policy =
                new ConnectPolicy(connect.maxAttempts(), connect.onUnknownOutcome() == OnUnknownOutcome.RETRY, backoff);
        ConnectSteps steps = new ConnectSteps(
                parts.providers.tenants(),
                EventRules.replyTopics(settings),
                connect.oneRoomPerEvent() == OneRoomPerEvent.SHARED_SESSION_KEY
                        ? settings.kafka().groupId()
                        : null,
                parts.engine.watch(),
                parts.metrics,
                parts.abandoned,
                parts.rooms,
                new CallAnswers(policy, parts.metrics, parts.rooms, parts.decodedAnswers, clock),
                deadline,
                clock);
        return new ConnectRoute(steps);
    }
}
