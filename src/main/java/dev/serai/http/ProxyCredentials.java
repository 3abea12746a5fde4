package dev.serai.http;

import java.io.IOException;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;

/**
 * What this client is to a proxy, sent unasked: to wait for the proxy's challenge would, without a tunnel,
 * be to send the request twice. Immutable.
 */
record ProxyCredentials(HttpHost proxy, UsernamePasswordCredentials credentials) implements ExecChainHandler {
    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        BasicScheme basic = new BasicScheme();
        basic.initPreemptive(credentials);
        scope.clientContext.getAuthExchange(proxy).select(basic);
        return chain.proceed(request, scope);
    }
}
