// SPDX-License-Identifier: Apache-2.0
#include <triune/detail/device/cuda/copy_graph.hpp>

#include <cstddef>
#include <utility>

#include <triune/detail/device/cuda/gather.hpp>

namespace triune::cuda {
namespace {

// Independent operations, none after another. The first failure is remembered and told by launch(), which then queues
// nothing.
class CopyGraph {
  public:
    CopyGraph() noexcept : error_(cudaGraphCreate(&graph_, 0)) {}
    CopyGraph(const CopyGraph&) = delete;
    CopyGraph& operator=(const CopyGraph&) = delete;
    ~CopyGraph() {
        if (graph_ != nullptr) static_cast<void>(cudaGraphDestroy(graph_));
    }

    void gather(const Gather& copies, int multiprocessors) noexcept {
        if (error_ == cudaSuccess) error_ = add_gather(graph_, copies, multiprocessors);
    }

    void copy(const CopyPiece& piece) noexcept {
        cudaGraphNode_t node = nullptr;
        if (error_ != cudaSuccess) return;
        error_ = cudaGraphAddMemcpyNode1D(&node, graph_, nullptr, 0, piece.to, piece.from, piece.bytes,
                                          cudaMemcpyDefault);
    }

    void zero(const CopyPiece& piece) noexcept {
        cudaMemsetParams zeroes{};
        zeroes.dst = piece.to;
        zeroes.elementSize = 1;
        zeroes.width = piece.bytes;
        zeroes.height = 1;
        cudaGraphNode_t node = nullptr;
        if (error_ == cudaSuccess) error_ = cudaGraphAddMemsetNode(&node, graph_, nullptr, 0, &zeroes);
    }

    // What is destroyed while it runs goes once it has run.
    cudaError_t launch(cudaStream_t stream) noexcept {
        cudaGraphExec_t made = nullptr;
        if (error_ == cudaSuccess)
            error_ = cudaGraphInstantiateWithFlags(&made, graph_, cudaGraphInstantiateFlagUseNodePriority);
        if (error_ != cudaSuccess) return error_;
        error_ = cudaGraphLaunch(made, stream);
        static_cast<void>(cudaGraphExecDestroy(made));
        return error_;
    }

  private:
    cudaGraph_t graph_ = nullptr;
    cudaError_t error_ = cudaSuccess;
};

cudaError_t copy_as_graph(std::span<const CopyPiece> pieces, int multiprocessors, cudaStream_t stream) noexcept {
    CopyGraph graph;
    Gather together;
    for (const CopyPiece& piece : pieces) {
        if (piece.bytes == 0) continue;
        if (multiprocessors == 0 || !can_gather(piece)) {
            piece.from == nullptr ? graph.zero(piece) : graph.copy(piece);
            continue;
        }
        together.pieces[together.count++] = piece;
        if (together.count == Gather::max_pieces) graph.gather(std::exchange(together, {}), multiprocessors);
    }
    if (together.count > 0) graph.gather(together, multiprocessors);
    return graph.launch(stream);
}

}  // namespace

cudaError_t copy_as_one(std::span<const CopyPiece> pieces, int multiprocessors, cudaStream_t stream) noexcept {
    Gather together;
    const CopyPiece* alone = nullptr;
    for (const CopyPiece& piece : pieces) {
        if (piece.bytes == 0) continue;
        const bool gathers = multiprocessors != 0 && can_gather(piece);
        const bool fits =
            gathers ? alone == nullptr && together.count < Gather::max_pieces : alone == nullptr && together.count == 0;
        if (!fits) return copy_as_graph(pieces, multiprocessors, stream);
        if (gathers) {
            together.pieces[together.count++] = piece;
        } else {
            alone = &piece;
        }
    }
    if (together.count > 0) return gather(together, multiprocessors, stream);
    if (alone == nullptr) return cudaSuccess;
    if (alone->from == nullptr) return cudaMemsetAsync(alone->to, 0, alone->bytes, stream);
    return cudaMemcpyAsync(alone->to, alone->from, alone->bytes, cudaMemcpyDefault, stream);
}

}  // namespace triune::cuda
