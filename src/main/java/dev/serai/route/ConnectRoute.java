package dev.serai.route;

import java.io.IOException;
import org.apache.camel.builder.RouteBuilder;

/**
 * Calls {@code POST /connect} until it comes to something: a room in the {@link Conversation}, or a
 * {@link ConversationFailure}. The answers' meaning and what follows from it are in {@code dev.serai.provider}.
 */
public final class ConnectRoute extends RouteBuilder {
    private final ProviderEndpoint provider;
    private final ConnectSteps steps;
    private final CheckDeadline checkDeadline;

    public ConnectRoute(ProviderEndpoint provider, ConnectSteps steps, CheckDeadline checkDeadline) {
        this.provider = provider;
        this.steps = steps;
        this.checkDeadline = checkDeadline;
    }

    @Override
    public void configure() {
        from("direct:connect")
                .routeId("connect")
                .description("Opens a live session, with retries")
                // What fails here is for the failure policy of the line.
                .errorHandler(noErrorHandler())
                .process(steps::begin)
                .id("begin-call")
                .loopDoWhile(steps::isPending)
                .id("until-decided")
                .process(steps::pause)
                .id("pause-between-attempts")
                .doTry()
                .process(steps::awaitTurn)
                .id("await-turn")
                .process(checkDeadline)
                .id("check-deadline-before-call")
                .process(steps::prepareRequest)
                .id("prepare-request")
                .to(provider.uri())
                .id("post-connect")
                .process(steps::readAnswer)
                .id("read-answer")
                .doCatch(IOException.class)
                .process(steps::readTransportFailure)
                .id("read-transport-failure")
                .doFinally()
                .process(steps::endTurn)
                .id("end-turn")
                .end()
                .end();
    }
}
