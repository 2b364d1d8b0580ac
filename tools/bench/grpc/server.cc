// The same call on gRPC's C++ server with a completion queue and one thread, over a Unix socket. It looks nothing up:
// what is measured is what the call costs.
// usage: grpc-server SOCKET
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "authorize.grpc.pb.h"

namespace {

// One call: waits for its question, answers, and is gone once the answer is out.
class Call {
public:
    Call(bench::Gate::AsyncService *service, grpc::ServerCompletionQueue *queue)
        : service_(service), queue_(queue), writer_(&context_) {
        service_->RequestAuthorize(&context_, &question_, &writer_, queue_, queue_, this);
    }

    void proceed() {
        if (answered_) {
            delete this;
            return;
        }
        // Somebody has to wait for the next question.
        new Call(service_, queue_);
        bench::Answer answer;
        answer.set_decision(1);
        answer.set_actor("019377a0-0000-7000-8000-000000000000");
        answer.set_required(true);
        answer.set_state(2);
        answer.set_expires(1795000000000);
        answered_ = true;
        writer_.Finish(answer, grpc::Status::OK, this);
    }

private:
    bench::Gate::AsyncService *service_;
    grpc::ServerCompletionQueue *queue_;
    grpc::ServerContext context_;
    bench::Question question_;
    grpc::ServerAsyncResponseWriter<bench::Answer> writer_;
    bool answered_ = false;
};

}  // namespace

int main(int count, char **arguments) {
    if (count != 2) return fprintf(stderr, "usage: grpc-server SOCKET\n"), 64;
    bench::Gate::AsyncService service;
    grpc::ServerBuilder builder;
    builder.AddListeningPort(std::string("unix:") + arguments[1], grpc::InsecureServerCredentials());
    builder.RegisterService(&service);
    std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
    std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (!server) return fprintf(stderr, "grpc-server: cannot listen at %s\n", arguments[1]), 1;
    new Call(&service, queue.get());
    void *call;
    bool ok;
    while (queue->Next(&call, &ok)) {
        if (!ok) break;
        static_cast<Call *>(call)->proceed();
    }
    return 0;
}
