package dev.weir.engine.view;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import java.util.ArrayList;
import java.util.List;

/**
 * A frontend as people see it at one moment; an address that takes plain DNS over UDP and TCP has two.
 *
 * @param number its place among all, from 0
 * @param type what it is, in dnsdist's words
 * @param muted it processes queries and sends no answers
 */
public record FrontendView(int number, Endpoint address, String type, boolean muted, long queries, long responses) {

    /** These frontends, in their order. */
    public static List<FrontendView> of(List<Frontend> frontends) {
        List<FrontendView> views = new ArrayList<>();
        for (Frontend frontend : frontends) {
            views.add(new FrontendView(
                    views.size(),
                    frontend.address(),
                    frontend.type(),
                    frontend.muted(),
                    frontend.queries().sum(),
                    frontend.responses().sum()));
        }
        return views;
    }
}
